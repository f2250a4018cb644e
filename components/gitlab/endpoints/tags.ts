import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { commitId, flag, record, text } from './shape.ts';

export interface Tag {
  readonly name: string;
  /** Whether not everybody who may push can make, move or delete it. */
  readonly protected: boolean;
  /** What it stands for, also where it is annotated. */
  readonly commit: { readonly id: string };
}

const shape = record<Tag>({ name: text, protected: flag, commit: record({ id: commitId }) });

export const getTag = defineEndpoint(
  {
    ...{ about: 'Get a tag', method: 'GET', path: '/projects/:project/repository/tags/:tag' },
    ...{ jobToken: true, tier: 'free', since: floor, role: 'reporter', scope: 'read_api' },
    ...{ replay: 'idempotent', source: 'docs.gitlab.com/api/tags' },
  },
  (call, input: OfProject & { readonly tag: string }): Promise<Tag> => call.send(input, json(shape)),
);
