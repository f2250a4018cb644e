import { bytes, json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { commitId, list, oneOf, record, text } from './shape.ts';

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

/** What a commit has in one place of its tree. */
export interface TreeEntry {
  /** Of the git object: a file's changes with its content. */
  readonly id: string;
  readonly name: string;
  /** From the root of the repository. */
  readonly path: string;
  /** `commit` is a submodule. */
  readonly type: 'blob' | 'tree' | 'commit';
  /** Git's, such as `100644`, `100755` and `120000`, a symbolic link. */
  readonly mode: string;
}

const entryShape = record<TreeEntry>({
  ...{ id: commitId, name: text, path: text, type: oneOf(['blob', 'tree', 'commit']), mode: text },
});

/** What a folder holds at a branch, tag or commit, all the way down where `recursive`; the root without `path`. */
export const listTree = defineEndpoint(
  {
    ...{ about: 'List files of the repository', method: 'GET', jobToken: false, tier: 'free', since: floor },
    ...{ path: '/projects/:project/repository/tree', role: 'reporter', scope: 'read_api' },
    ...{ replay: 'idempotent', source: 'docs.gitlab.com/api/repositories' },
  },
  (
    call,
    input: OfProject & { readonly ref: string; readonly path?: string; readonly recursive?: boolean },
  ): AsyncGenerator<TreeEntry> => {
    const { ref, path, recursive } = input;
    return call.list(input, json(list(entryShape)), { ref, path, recursive });
  },
);
