import { type CodeOwners, readCodeOwners } from '../../gitlab/code-owners.ts';
import { type AccessToken, listProjectTokens } from '../../gitlab/endpoints/access-tokens.ts';
import { readArtifact } from '../../gitlab/endpoints/artifacts.ts';
import type { Tier } from '../../gitlab/endpoints/facts.ts';
import {
  type AllowedGroup,
  type AllowedProject,
  getJobTokenScope,
  type JobTokenScope,
  listAllowedGroups,
  listAllowedProjects,
} from '../../gitlab/endpoints/job-token-scope.ts';
import { type Job, listJobs, listPipelineJobs } from '../../gitlab/endpoints/jobs.ts';
import { type LintResult, lintProject } from '../../gitlab/endpoints/lint.ts';
import type { Pipeline } from '../../gitlab/endpoints/pipeline.ts';
import { listPipelines } from '../../gitlab/endpoints/pipelines.ts';
import type { Project } from '../../gitlab/endpoints/projects.ts';
import { listProtectedTags, type ProtectedTag } from '../../gitlab/endpoints/protected-tags.ts';
import { getRunner, listRunners, type RunnerDetails } from '../../gitlab/endpoints/runners.ts';
import type { GitLab } from '../../gitlab/types.ts';
import { valueAt } from '../../kernel/place.ts';
import { parseYaml } from '../../kernel/yaml.ts';
import { type Includes, includesOf } from '../configuration.ts';
import * as reading from '../facts.ts';
import { brokenToo, type Facts, readFacts } from '../facts.ts';
import type { Known } from '../types.ts';
import { type MergedPipeline, ourJobs, parsePipeline } from './pipeline.ts';
import { tierOf } from './tiers.ts';

/** An answer that is broken hides itself alone. */
const known = <T>(asked: Promise<T>) => reading.known(asked, brokenToo);
const all = <T>(list: AsyncIterable<T>) => reading.all(list, brokenToo);

/** All that checks of a project that includes our components look at. */
export interface DoctorFacts extends Facts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly tier: Tier;
  /** What the configuration's text includes by itself. */
  readonly includes: Known<Includes>;
  /** Why GitLab does not take the configuration; empty: it does. */
  readonly invalid: Known<readonly string[]>;
  /** The configuration with all that it includes. */
  readonly pipeline: Known<MergedPipeline>;
  /** The newest, of all branches and merge requests. */
  readonly recent: Known<readonly Pipeline[]>;
  /** The newest one of the default branch. */
  readonly newest: Known<{ readonly pipeline: Pipeline; readonly jobs: readonly Job[] } | undefined>;
  readonly codeOwners: Known<CodeOwners | undefined>;
  readonly tags: Known<readonly ProtectedTag[]>;
  readonly jobTokens: Known<JobTokenScope>;
  readonly allowedProjects: Known<readonly AllowedProject[]>;
  readonly allowedGroups: Known<readonly AllowedGroup[]>;
  readonly tokens: Known<readonly AccessToken[]>;
  readonly runners: Known<readonly Known<RunnerDetails>[]>;
  /** How far the newest job that ran a session could shut scripts in, in its own words; undefined where none tells. */
  readonly rung: Known<{ readonly rung: string; readonly job: string } | undefined>;
  /** The trusted project that was named. */
  readonly trusted: string | undefined;
}

/** Fetches everything; what the token may not see is unknown. @throws other failures of GitLab */
export async function readDoctorFacts(
  gitlab: GitLab,
  project: Project,
  { now, trusted }: Pick<DoctorFacts, 'now' | 'trusted'>,
): Promise<DoctorFacts> {
  const of = { project: project.id };
  const facts = await readFacts(gitlab, project, brokenToo);
  const [lint, recent, newest, codeOwners, tags] = await Promise.all([
    known(lintProject(gitlab, of)),
    all(first(listPipelines(gitlab, of), 100)),
    known(readNewest(gitlab, project)),
    known(readCodeOwners(gitlab, { project: project.id, ref: project.defaultBranch })),
    all(listProtectedTags(gitlab, of)),
  ]);
  const [jobTokens, allowedProjects, allowedGroups, tokens, runners] = await Promise.all([
    known(getJobTokenScope(gitlab, of)),
    all(listAllowedProjects(gitlab, of)),
    all(listAllowedGroups(gitlab, of)),
    all(listProjectTokens(gitlab, of)),
    readRunners(gitlab, project),
  ]);
  const pipeline = pipelineOf(lint);
  const invalid: DoctorFacts['invalid'] = lint.known ? { known: true, value: lint.value.errors } : lint;
  const rung = await readRung(gitlab, project, pipeline);
  return {
    ...{ ...facts, now, trusted, tier: tierOf(project), includes: includesIn(facts), pipeline, invalid },
    ...{ recent, newest, codeOwners, tags, jobTokens, allowedProjects, allowedGroups, tokens, runners, rung },
  };
}

function includesIn({ configuration }: Facts): Known<Includes> {
  if (!configuration.known) return configuration;
  const parsed = parseYaml(configuration.value ?? '', 'gitlab');
  if (!parsed.ok)
    return {
      ...{ known: false, reason: 'the configuration of the default branch is no YAML' },
      fix: 'Mend it: Build > Pipeline editor says where.',
    };
  return { known: true, value: includesOf(parsed.documents.at(-1)) };
}

function pipelineOf(lint: Known<LintResult>): Known<MergedPipeline> {
  if (!lint.known) return lint;
  const { valid, mergedYaml = '' } = lint.value;
  const fix = 'Mend the configuration first: Build > Pipeline editor says what is wrong with it.';
  if (!valid)
    return { known: false, reason: 'GitLab does not take the configuration of the default branch', fix };
  const pipeline = parsePipeline(mergedYaml);
  if (pipeline === undefined)
    return { known: false, reason: 'what GitLab made of the configuration is no YAML' };
  return { known: true, value: pipeline };
}

async function* first<T>(list: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let count = 0;
  for await (const one of list) {
    yield one;
    count += 1;
    if (count >= most) return;
  }
}

async function readNewest(gitlab: GitLab, { id: project, defaultBranch: ref }: Project) {
  if (ref === undefined) return undefined;
  // Children and merge trains have refs of their own; a skipped one has run nothing.
  const found = await Array.fromAsync(first(listPipelines(gitlab, { project, ref }), 20));
  const pipeline = found.find(({ status }) => status !== 'skipped');
  if (pipeline === undefined) return undefined;
  return {
    pipeline,
    jobs: await Array.fromAsync(listPipelineJobs(gitlab, { project, pipeline: pipeline.id })),
  };
}

/** More than this is nobody's list of runners to be looked through one by one. */
const mostRunners = 40;

async function readRunners(gitlab: GitLab, { id: project }: Project): Promise<DoctorFacts['runners']> {
  const listed = await all(first(listRunners(gitlab, { project }), mostRunners));
  if (!listed.known) return listed;
  const usable = listed.value.filter(({ paused, status }) => !paused && status === 'online');
  const value = await Promise.all(usable.map(({ id }) => known(getRunner(gitlab, { runner: id }))));
  return { known: true, value };
}

/** A result is small; what is larger is none. */
const mostBytes = 4 * 1024 * 1024;

async function readRung(
  gitlab: GitLab,
  { id: project }: Project,
  pipeline: DoctorFacts['pipeline'],
): Promise<DoctorFacts['rung']> {
  const names = new Map(
    (pipeline.known ? ourJobs(pipeline.value, 'run') : []).map(({ job, prefix }) => [job.name, prefix]),
  );
  if (names.size === 0) return { known: true, value: undefined };
  const jobs = await all(first(listJobs(gitlab, { project, scope: ['success', 'failed'] }), 100));
  if (!jobs.known) return jobs;
  const job = jobs.value.find((one) => names.has(one.name) && one.artifactsFile !== undefined);
  if (job === undefined) return { known: true, value: undefined };
  const artifact = `.pipewright/run/${names.get(job.name)}/result.json`;
  const read = await known(readArtifact(gitlab, { project, job: job.id, artifact }, { maxBytes: mostBytes }));
  if (!read.known) return read;
  const rung = read.value === undefined ? undefined : rungIn(read.value.bytes);
  return { known: true, value: rung === undefined ? undefined : { rung, job: job.name } };
}

/** Whoever wrote the job wrote this: anything but the words of ours is nothing. */
function rungIn(bytes: Uint8Array): string | undefined {
  try {
    const rung = valueAt(JSON.parse(new TextDecoder().decode(bytes)), ['rung']);
    return rung === 'namespaces' || rung === 'none' ? rung : undefined;
  } catch {
    return undefined;
  }
}
