import { isMapping, listOf, type Mapping } from '../config.ts';
import type { LintResult, PipelineRequest, Pipelines } from '../ports.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { type FactoryParts, preparePipeline } from './create.ts';
import { draftPipeline } from './draft.ts';
import { expandJobs } from './expand.ts';
import { readFacts } from './facts.ts';
import { draftOf } from './specs.ts';
import type { JobSpec } from './types.ts';

type Lint = Pipelines['lint'];

/**
 * Checks a configuration as `POST /projects/:id/ci/lint` does: by itself, or (`dryRun`) as the pipeline it would be.
 * Source: docs.gitlab.com/api/lint
 */
export async function lintConfiguration(
  parts: FactoryParts,
  project: Parameters<Lint>[0],
  { text, sha, ref, user, dryRun }: Parameters<Lint>[1],
): Promise<LintResult> {
  const request: PipelineRequest = { project, ref, sha, user, source: 'push', config: { text } };
  if (dryRun) {
    const prepared = await preparePipeline(parts, request);
    const { configuration } = prepared;
    if (!prepared.ok) return resultOf(configuration, prepared.errors, []);
    return resultOf(
      configuration,
      [],
      prepared.seeds.map(({ spec }) => jobOf(spec)),
    );
  }
  const facts = await readFacts(parts, project, draftPipeline(parts.world, request, { tag: false, iid: 0 }));
  const configuration = await readConfiguration(parts, request, facts);
  if (!configuration.ok) return resultOf(configuration, configuration.errors, []);
  const { config } = configuration;
  const jobs = expandJobs(config).map((expanded) => jobOf(draftOf(config, expanded, undefined)));
  return resultOf(configuration, [], jobs);
}

function resultOf(
  configuration: Configuration | undefined,
  errors: readonly string[],
  jobs: LintResult['jobs'],
): LintResult {
  const mergedYaml = configuration?.ok === true ? (configuration.rendered?.yaml ?? '') : '';
  return { valid: errors.length === 0, errors, warnings: configuration?.warnings ?? [], mergedYaml, jobs };
}

/** A job as the lint shows it. */
function jobOf(spec: Pick<JobSpec, 'name' | 'stage' | 'when' | 'allowFailure' | 'config'>): Mapping {
  const { name, stage, when, allowFailure, config } = spec;
  const { environment } = config;
  return {
    ...{ name, stage, when },
    before_script: listOf(config.before_script),
    script: listOf(config.script),
    after_script: listOf(config.after_script),
    tag_list: listOf(config.tags),
    environment: (isMapping(environment) ? environment.name : environment) ?? null,
    allow_failure: allowFailure === true,
    only: config.only ?? { refs: ['branches', 'tags'] },
    except: config.except ?? null,
  };
}
