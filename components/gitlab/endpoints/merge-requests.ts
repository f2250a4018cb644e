import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { firstOf } from './first-of.ts';
import { joinLabels, type LabelChange, labelFields } from './labels.ts';
import { type MergeRequest, mergeRequestShape } from './merge-request.ts';
import type { OfMergeRequest } from './notes.ts';
import { type Pipeline, pipelineShape } from './pipeline.ts';
import { list, wireFields } from './shape.ts';

const common = {
  jobToken: true,
  tier: 'free',
  since: floor,
  role: 'reporter',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/merge_requests',
} as const;
const writes = { ...common, jobToken: false, role: 'developer', scope: 'api' } as const;
const all = '/projects/:project/merge_requests';
const one = `${all}/:mergeRequest` as const;

export interface MergeRequestFilter extends OfProject {
  readonly state?: 'opened' | 'closed' | 'merged' | undefined;
  readonly sourceBranch?: string | undefined;
  readonly targetBranch?: string | undefined;
}

/** The newest first. */
export const listMergeRequests = defineEndpoint(
  { ...common, about: 'List merge requests', method: 'GET', path: all },
  (call, input: MergeRequestFilter): AsyncGenerator<MergeRequest> => {
    const { state, sourceBranch, targetBranch } = input;
    const query = { state, source_branch: sourceBranch, target_branch: targetBranch };
    return call.list(input, json(list(mergeRequestShape)), query);
  },
);

/** Alone it tells `diffRefs` and its head pipeline, too. */
export const getMergeRequest = defineEndpoint(
  { ...common, about: 'Get a merge request', method: 'GET', path: one },
  (call, input: OfMergeRequest): Promise<MergeRequest> => call.send(input, json(mergeRequestShape)),
);

/**
 * Its own and those of its source branch's commits, the newest first; a fork's have the fork's project. Pipelines of a
 * project that the token's user cannot see are left out.
 */
export const listMergeRequestPipelines = defineEndpoint(
  {
    ...{ ...common, about: 'List the pipelines of a merge request', method: 'GET', jobToken: false },
    path: `${one}/pipelines`,
  },
  (call, input: OfMergeRequest): AsyncGenerator<Pipeline> => call.list(input, json(list(pipelineShape))),
);

export interface MergeRequestChange {
  readonly title?: string;
  readonly description?: string;
  /** Names, which GitLab creates where they are new; they replace those it has. */
  readonly labels?: readonly string[];
}

export interface NewMergeRequest extends OfProject, MergeRequestChange {
  /** Of a fork's branch: the project it is opened in, by number; `project` is the fork. */
  readonly targetProjectId?: number;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly title: string;
  readonly removeSourceBranch?: boolean;
}

/** Opens one from a branch of a project. GitLab has one open for two branches, and refuses a second (409). */
export const createMergeRequest = defineEndpoint(
  { ...writes, about: 'Open a merge request', method: 'POST', path: all, replay: 'marker' },
  ({ gitlab, send }, input: NewMergeRequest): Promise<MergeRequest> => {
    const branches = ['sourceBranch', 'targetBranch', 'targetProjectId'] as const;
    const names = [...branches, 'title', 'description', 'removeSourceBranch'] as const;
    const body = { ...wireFields(input, names), labels: joinLabels(input.labels) };
    const isIt = (one: MergeRequest) =>
      input.targetProjectId === undefined ? isOwn(one) : one.sourceProjectId === input.project;
    return send(input, json(mergeRequestShape), {
      body: { json: body },
      found: () => firstOf(listMergeRequests(gitlab, openBetween(input)), isIt),
    });
  },
);

/** What is open between the branches of a new one, in the project it is opened in. */
export function openBetween(wanted: NewMergeRequest): MergeRequestFilter {
  const { project, targetProjectId = project, sourceBranch, targetBranch } = wanted;
  return { project: targetProjectId, sourceBranch, targetBranch, state: 'opened' };
}

/** Labels of whoever has no role Developer are left out without a word: what became of them is in the result. */
export const updateMergeRequest = defineEndpoint(
  { ...writes, about: 'Change a merge request', method: 'PUT', path: one },
  (
    call,
    input: OfMergeRequest & MergeRequestChange & LabelChange & { readonly stateEvent?: 'close' | 'reopen' },
  ): Promise<MergeRequest> => {
    const fields = wireFields(input, ['title', 'description', 'stateEvent']);
    const body = { ...fields, ...labelFields(input) };
    return call.send(input, json(mergeRequestShape), { body: { json: body } });
  },
);

export interface Merge extends OfMergeRequest {
  /** The source branch must still stand on this commit, or GitLab answers 409: the lease of a merge. */
  readonly sha: string;
  readonly squash?: boolean;
  readonly mergeCommitMessage?: string;
  readonly shouldRemoveSourceBranch?: boolean;
}

/** Merges exactly this head, or fails: 405 where it may not be merged, 409 where the branch has moved on. */
export const mergeMergeRequest = defineEndpoint(
  { ...writes, about: 'Merge a merge request', method: 'PUT', path: `${one}/merge`, replay: 'marker' },
  (call, input: Merge): Promise<MergeRequest> => {
    const names = ['sha', 'squash', 'mergeCommitMessage', 'shouldRemoveSourceBranch'] as const;
    const found = async () => {
      const now = await getMergeRequest(call.gitlab, input);
      return now.state === 'merged' && now.sha === input.sha ? now : undefined;
    };
    return call.send(input, json(mergeRequestShape), { body: { json: wireFields(input, names) }, found });
  },
);

/** Whether it is not a fork's. */
export function isOwn({ sourceProjectId, targetProjectId }: MergeRequest): boolean {
  return sourceProjectId === targetProjectId;
}
