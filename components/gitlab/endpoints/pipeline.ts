import { commitId, integer, optional, record, text } from './shape.ts';
import { type User, userShape } from './user.ts';

/** What all lists and records of pipelines have. */
export interface Pipeline {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  readonly sha: string;
  /** Branch, tag, or `refs/merge-requests/7/head`. */
  readonly ref: string;
  /** GitLab's word, such as `running`, `success`, `failed`, `manual`. */
  readonly status: string;
  readonly source: string;
  readonly webUrl: string;
  readonly createdAt: string;
}

const fields = {
  ...{ id: integer, iid: integer, projectId: integer, sha: commitId, ref: text },
  ...{ status: text, source: text, webUrl: text, createdAt: text },
};
export const pipelineShape = record<Pipeline>(fields);

/** A pipeline as it is told alone. */
export interface PipelineDetails extends Pipeline {
  /** Who started it: its jobs had this user's rights. Undefined where the user is gone. */
  readonly user: User | undefined;
}

export const pipelineDetailsShape = record<PipelineDetails>({ ...fields, user: optional(userShape) });

export interface NewVariable {
  readonly key: string;
  readonly value: string;
}
