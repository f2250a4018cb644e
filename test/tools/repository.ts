import type { RepositoryReader } from '../../components/tools/types.ts';

/** A repository of these files; undefined is one that is no text. */
export function repositoryOf(
  files: Readonly<Record<string, string | undefined>>,
  more: Partial<RepositoryReader> & { readonly diff?: string } = {},
): RepositoryReader {
  const { diff = '', ...others } = more;
  const paths = Object.keys(files).sort();
  return {
    base: 'a'.repeat(40),
    head: 'b'.repeat(40),
    readFile: async (path) => files[path],
    whyNot: async (path) => (path in files ? 'It is no text in UTF-8.' : 'There is no file at this path.'),
    readDiff: async (path) => (path === undefined || path in files ? diff : ''),
    listFiles: async () => paths,
    readEach: async (wanted, take) => {
      for (const path of wanted) if (!(await take(path, files[path]))) return;
    },
    readLog: async () => ({ entries: [], isWhole: true }),
    readBlame: async () => ({ entries: [], isWhole: true }),
    ...others,
  };
}
