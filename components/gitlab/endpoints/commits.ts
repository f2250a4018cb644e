import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { commitId, list, record, text, wireFields } from './shape.ts';

const common = {
  jobToken: true,
  tier: 'free',
  since: floor,
  role: 'reporter',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/commits',
} as const;
const all = '/projects/:project/repository/commits';

export interface Commit {
  readonly id: string;
  readonly parentIds: readonly string[];
  readonly message: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly committerEmail: string;
  readonly createdAt: string;
}

export const commitShape = record<Commit>({
  ...{ id: commitId, parentIds: list(commitId), message: text, authorName: text },
  ...{ authorEmail: text, committerEmail: text, createdAt: text },
});

/** A change of one file; `lastCommitId`: the last commit that touched it, or GitLab refuses. */
export type FileAction =
  | { readonly action: 'create'; readonly filePath: string; readonly content: Uint8Array }
  | {
      readonly action: 'update';
      readonly filePath: string;
      readonly content: Uint8Array;
      readonly lastCommitId?: string;
    }
  | { readonly action: 'delete'; readonly filePath: string; readonly lastCommitId?: string }
  | {
      readonly action: 'move';
      readonly filePath: string;
      readonly previousPath: string;
      readonly lastCommitId?: string;
    }
  | { readonly action: 'chmod'; readonly filePath: string; readonly executeFilemode: boolean };

/** The newest first; of a branch, tag or commit, and of one file. */
export const listCommits = defineEndpoint(
  { ...common, about: 'List commits', method: 'GET', path: all },
  (call, input: OfProject & { readonly ref?: string; readonly file?: string }) =>
    call.list(input, json(list(commitShape)), { ref_name: input.ref, path: input.file }),
);

/** A branch or tag will do for `sha`. */
export const getCommit = defineEndpoint(
  { ...common, about: 'Get a commit', method: 'GET', path: `${all}/:sha` },
  (call, input: OfProject & { readonly sha: string }) => call.send(input, json(commitShape)),
);

export interface NewCommit extends OfProject {
  readonly branch: string;
  /** Of a branch that does not exist yet: where it begins. */
  readonly startSha?: string;
  readonly message: string;
  readonly actions: readonly FileAction[];
  /** What the commit is known by, where the answer was lost. */
  readonly found: () => Promise<Commit | undefined>;
}

/** On whatever the branch's tip is when GitLab writes; see `commitOnto` for a lease. */
export const createCommit = defineEndpoint(
  {
    ...{ ...common, about: 'Commit changes of files', method: 'POST', path: all },
    ...{ jobToken: false, role: 'developer', scope: 'api', replay: 'marker' },
  },
  (call, input: NewCommit) => {
    const { branch, startSha, message, actions, found } = input;
    const body = {
      ...{ branch, start_sha: startSha, commit_message: message, stats: false },
      actions: actions.map(wireAction),
    };
    return call.send(input, json(commitShape), { body: { json: body }, found });
  },
);

function wireAction(action: FileAction): Record<string, unknown> {
  const all = { previousPath: undefined, lastCommitId: undefined, executeFilemode: undefined, ...action };
  const named = wireFields(all, ['action', 'filePath', 'previousPath', 'lastCommitId', 'executeFilemode']);
  if (!('content' in action)) return named;
  return { ...named, content: Buffer.from(action.content).toString('base64'), encoding: 'base64' };
}
