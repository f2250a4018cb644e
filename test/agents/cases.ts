import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { JobFacts, MergeRequestFacts, Surroundings } from '../../components/tools/types.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import type { RunPlace } from '../../scripts/wire/run-place.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../support/workspace.ts';

// Cases of the agents of this project: folders of data below agents/<id>/cases.

interface CaseJob {
  readonly id: number;
  readonly stage: string;
  readonly name: string;
  readonly status: string;
  readonly reason?: string;
  readonly allowed?: boolean;
  /** File with its log. */
  readonly log?: string;
}

export interface CaseFile<Expected> {
  /** Of the merge request. */
  readonly title: string;
  readonly description?: string;
  readonly jobs?: readonly CaseJob[];
  readonly expected: Expected;
}

/** What a model answers, turn by turn. */
export interface ScriptedAnswer {
  readonly text?: string;
  readonly calls?: readonly (readonly [tool: string, input: JsonValue])[];
}

export interface Case<Expected> extends CaseFile<Expected> {
  readonly id: string;
  readonly agent: string;
  /** Files of the target branch, and what the source branch has of other text. */
  readonly base: Readonly<Record<string, string>>;
  readonly head: Readonly<Record<string, string>>;
  readonly logs: Readonly<Record<number, string>>;
  /** Undefined where the case has no cassette. */
  readonly answers: readonly ScriptedAnswer[] | undefined;
  readonly cassette: string;
}

export function manifestOf(agent: string): string {
  return `agents/${agent}/agent.ossa.yaml`;
}

interface ManifestData {
  readonly spec: { readonly llm: { readonly model: string } };
  readonly extensions: {
    readonly pipewright: { readonly proposals: { readonly thread: { readonly topics: readonly string[] } } };
  };
}

export function manifestData(agent: string): ManifestData {
  return load(readFileSync(manifestOf(agent), 'utf8')) as ManifestData;
}

export function modelOf(agent: string): string {
  return manifestData(agent).spec.llm.model;
}

export function readCases<Expected>(agent: string): readonly Case<Expected>[] {
  const root = `agents/${agent}/cases`;
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name: id }) => {
    const folder = join(root, id);
    const yaml = (name: string) => load(readFileSync(join(folder, name), 'utf8'));
    const file = yaml('case.yaml') as CaseFile<Expected>;
    const logs = (file.jobs ?? []).flatMap((job) =>
      job.log === undefined ? [] : [[job.id, readFileSync(join(folder, job.log), 'utf8')] as const],
    );
    const answers = existsSync(join(folder, 'answers.yaml'))
      ? (yaml('answers.yaml') as ScriptedAnswer[])
      : undefined;
    return {
      ...{ ...file, id, agent, base: filesOf(join(folder, 'base')), head: filesOf(join(folder, 'head')) },
      ...{ logs: Object.fromEntries(logs), answers, cassette: join(folder, 'turns.jsonl') },
    };
  });
}

function filesOf(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]));
}

/** What GitLab tells of the merge request; a twin's first merge request of alice tells the same. */
function factsOf({ id, title, description = '' }: Case<unknown>): MergeRequestFacts {
  return {
    ...{ iid: 1, title, description, isCut: false, labels: [], author: 'alice' },
    ...{ sourceBranch: id, targetBranch: 'main', state: 'opened', draft: false },
  };
}

/**
 * A case as the place of a session: its files in a repository of its own, what GitLab knows from the case. No test of ours can
 * ask a GitLab for the logs of sixty jobs in a second; that a GitLab tells the same is tried with one of them.
 */
export async function openCase(one: Case<unknown>): Promise<{ cwd: string; place: RunPlace }> {
  const path = manifestOf(one.agent);
  const cwd = workspace({ ...one.base, [path]: readFileSync(path, 'utf8') });
  commitAll(cwd);
  git(cwd, 'switch', '--quiet', '--create', one.id);
  writeFiles(cwd, one.head);
  git(cwd, 'add', '--all');
  git(cwd, 'commit', '--quiet', '--allow-empty', '--message', 'change');
  const place = await openCheckout(testContext(cwd), path);
  const jobs = (one.jobs ?? []).map(
    (job): JobFacts => ({
      ...{ id: job.id, name: job.name, stage: job.stage, status: job.status },
      ...{ failureReason: job.reason, allowFailure: job.allowed ?? false },
    }),
  );
  const jobLogs = { list: async () => jobs, read: async (job: number) => one.logs[job] };
  const surroundings: Surroundings = {
    ...{ repository: place.repository, mergeRequest: async () => factsOf(one) },
    ...(one.jobs === undefined ? {} : { jobs: jobLogs, jobLogs }),
  };
  const isThere = (name: string) => Object.hasOwn(surroundings, name);
  const missing = Object.fromEntries(Object.entries(place.tools.missing).filter(([name]) => !isThere(name)));
  return { cwd, place: { ...place, title: one.title, tools: { surroundings, missing } } };
}
