import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { CreatedPlan } from '../../../components/twin/pipelines/create.ts';
import type { JobSpec } from '../../../components/twin/pipelines/types.ts';
import type { PipelineRequest } from '../../../components/twin/ports.ts';
import type { Project, ProjectSettings } from '../../../components/twin/world/project.ts';
import { addVariable } from '../../../components/twin/world/seed.ts';
import { filesIn, makePlace, ofMergeRequest, type Place } from './harness.ts';

const folder = join(import.meta.dirname, 'cases');

interface Case {
  readonly about: string;
  /** Default `push`; of `merge_request_event` the branch `feature` with the files of `change/` is merged. */
  readonly source?: PipelineRequest['source'];
  /** Push of `change/` to main, so that something has changed. */
  readonly pushed?: boolean;
  readonly tag?: string;
  readonly message?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly projectVariables?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly settings?: Partial<ProjectSettings>;
  /** Other projects by path: the folder of their files and the version they are tagged with. */
  readonly projects?: Readonly<Record<string, { readonly folder: string; readonly tag: string }>>;
  readonly title?: string;
}

// `vitest run test/twin/pipelines -u` writes what is expected anew; read the difference before it is committed.
describe('each case directory makes the jobs GitLab would', () => {
  test.each(readdirSync(folder))('%s', { timeout: 60_000 }, async (name) => {
    const facts = load(readFileSync(join(folder, name, 'case.yaml'), 'utf8')) as Case;
    const place = makePlace({ serverAliases: ['gitlab.com'] });
    const project = await place.project(filesIn(join(folder, name, 'project')), {
      settings: facts.settings ?? {},
    });
    for (const [key, value] of Object.entries(facts.projectVariables ?? {})) {
      addVariable(project, { key, value });
    }
    for (const [path, other] of Object.entries(facts.projects ?? {})) {
      const files = filesIn(join(folder, name, other.folder));
      const served = await place.project(files, { path, visibility: 'public' });
      const sha = (await place.repositories.resolve(served, 'main')) ?? '';
      await place.repositories.updateRef(served, `refs/tags/${other.tag}`, sha, undefined);
    }
    const created = await place.factory.create(await requestOf(place, project, join(folder, name), facts));
    await expect(`${JSON.stringify(shown(created), undefined, 2)}\n`, facts.about).toMatchFileSnapshot(
      join(folder, name, 'expected.json'),
    );
  });
});

async function requestOf(
  place: Place,
  project: Project,
  path: string,
  { source = 'push', pushed, tag, variables = {}, inputs, title, message }: Case,
): Promise<PipelineRequest> {
  const change = existsSync(join(path, 'change')) ? filesIn(join(path, 'change')) : {};
  const given = Object.entries(variables).map(([key, value]) => {
    return { key, value, variableType: 'env_var' as const };
  });
  const more = { source, variables: given, ...(inputs === undefined ? {} : { inputs }) };
  if (source === 'merge_request_event') {
    await place.commit(project, 'feature', { 'feature.txt': 'new\n', ...change }, message);
    const mergeRequest = await place.mergeRequest(project, 'feature', title === undefined ? {} : { title });
    return place.request(project, { ...more, ...ofMergeRequest(mergeRequest) });
  }
  const before = (await place.repositories.resolve(project, 'main')) ?? '';
  if (tag !== undefined) await place.repositories.updateRef(project, `refs/tags/${tag}`, before, undefined);
  if (pushed !== true) return place.request(project, { ...more, ref: tag ?? 'main' });
  const sha = await place.commit(project, 'main', change, message);
  return place.request(project, { ...more, sha, beforeSha: before });
}

/** What is worth a look: what differs from a plain job. */
function shown(created: CreatedPlan): unknown {
  if (!created.ok) {
    const { filtered, messages, failedPipeline } = created;
    return { filtered, messages, ...(failedPipeline && { recorded: failedPipeline.status }) };
  }
  const { pipeline, specs } = created.planned;
  const jobs = pipeline.jobs.map(({ name, environment }) => {
    const spec = specs.get(name);
    return spec === undefined ? { name } : { ...tableRow(spec), ...(environment && { environment }) };
  });
  return { ...(pipeline.name === undefined ? {} : { pipeline: pipeline.name }), jobs };
}

const plain: Partial<Record<keyof JobSpec, unknown>> = {
  ...{ kind: 'build', when: 'on_success', allowFailure: false, interruptible: false, inheritVariables: true },
  ...{ timeoutSeconds: 3600 },
};

function tableRow({ config: _config, name, key, retry, variables, idTokens, ...rest }: JobSpec): object {
  const special = Object.entries(rest).filter(([field, value]) => {
    return value !== undefined && value !== plain[field as keyof JobSpec];
  });
  return {
    name,
    ...(key === name ? {} : { key }),
    ...Object.fromEntries(special),
    ...(retry.max === 0 ? {} : { retry }),
    ...(variables.length === 0 ? {} : { variables: variables.map(textOf) }),
    ...(Object.keys(idTokens).length === 0 ? {} : { idTokens }),
  };
}

function textOf({ key, value, raw }: JobSpec['variables'][number]): string {
  return `${key}=${value}${raw ? ' (raw)' : ''}`;
}
