import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import type { OfMergeRequest } from './notes.ts';
import { commitId, field, flag, integer, list, optional, record, text } from './shape.ts';

const common = {
  method: 'GET',
  jobToken: true,
  tier: 'free',
  since: floor,
  role: 'reporter',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/merge_requests',
} as const;
const mergeRequest = '/projects/:project/merge_requests/:mergeRequest';

export interface FileDiff {
  readonly oldPath: string;
  readonly newPath: string;
  readonly newFile: boolean;
  readonly renamedFile: boolean;
  readonly deletedFile: boolean;
  /** Git's mode of the new file, such as `100644` and `120000`, a symbolic link. */
  readonly bMode: string | undefined;
  /** Hunks without the lines of file names; empty where the file is binary, or the diff is left out. */
  readonly diff: string;
  /** GitLab leaves the text of a diff out where it is too long. */
  readonly collapsed: boolean | undefined;
  readonly tooLarge: boolean | undefined;
}

const diffShape = record<FileDiff>({
  ...{ oldPath: text, newPath: text, newFile: flag, renamedFile: flag, deletedFile: flag, diff: text },
  ...{ bMode: optional(text), collapsed: optional(flag), tooLarge: optional(flag) },
});

/** One push to a merge request. */
export interface DiffVersion {
  readonly id: number;
  readonly headCommitSha: string;
  readonly baseCommitSha: string;
  readonly startCommitSha: string;
  readonly state: string;
  readonly createdAt: string;
}

const versionFields = {
  ...{ id: integer, headCommitSha: commitId, baseCommitSha: commitId, startCommitSha: commitId },
  ...{ state: text, createdAt: text },
};
const versionShape = record<DiffVersion>(versionFields);

export const listDiffs = defineEndpoint(
  { ...common, about: 'List the changed files of a merge request', path: `${mergeRequest}/diffs` },
  (call, input: OfMergeRequest) => call.list(input, json(list(diffShape))),
);

/** The newest first. */
export const listVersions = defineEndpoint(
  { ...common, about: 'List the pushes to a merge request', path: `${mergeRequest}/versions` },
  (call, input: OfMergeRequest) => call.list(input, json(list(versionShape))),
);

export const getVersion = defineEndpoint(
  { ...common, about: 'Get one push with its changes', path: `${mergeRequest}/versions/:version` },
  (call, input: OfMergeRequest & { readonly version: number }) =>
    call.send(
      input,
      json(
        record<DiffVersion & { diffs: readonly FileDiff[] }>({ ...versionFields, diffs: list(diffShape) }),
      ),
    ),
);

/** What changed from one commit to another, such as between two pushes; from their merge base unless `straight`. */
export const compareCommits = defineEndpoint(
  {
    ...{ ...common, about: 'Compare two commits', path: '/projects/:project/repository/compare' },
    ...{ jobToken: false, source: 'docs.gitlab.com/api/repositories' },
  },
  (call, input: OfProject & { readonly from: string; readonly to: string; readonly straight?: boolean }) =>
    call.send(input, json(field('diffs', list(diffShape))), {
      query: { from: input.from, to: input.to, straight: input.straight },
    }),
);
