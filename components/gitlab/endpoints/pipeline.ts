import { commitId, integer, record, text } from './shape.ts';

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

export const pipelineShape = record<Pipeline>({
  ...{ id: integer, iid: integer, projectId: integer, sha: commitId, ref: text },
  ...{ status: text, source: text, webUrl: text, createdAt: text },
});

export interface NewVariable {
  readonly key: string;
  readonly value: string;
}
