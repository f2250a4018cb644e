import { bytes } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';

/** The bytes of a file, at most 32 MiB, at a branch, tag or commit. */
export const readFile = defineEndpoint(
  {
    ...{ about: 'Read a file of the repository', method: 'GET', jobToken: true, tier: 'free', since: floor },
    ...{ path: '/projects/:project/repository/files/:file/raw', role: 'reporter', scope: 'read_api' },
    ...{ replay: 'idempotent', source: 'docs.gitlab.com/api/repository_files' },
  },
  (call, input: OfProject & { readonly file: string; readonly ref: string }): Promise<Uint8Array> =>
    call.send(input, bytes, { query: { ref: input.ref } }),
);
