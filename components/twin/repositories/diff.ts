import type { FileDiff } from '../ports.ts';
import type { Git } from './git.ts';
import { isZeros } from './names.ts';

const flags = ['-r', '-z', '-M', '--patch-with-raw', '--full-index', '--no-ext-diff', '--no-textconv'];

/** The tree without entries, which every repository has, by the length of its hashes. */
const emptyTrees = new Map([
  [40, '4b825dc642cb6eb9a060e54bf8d69288fbee4904'],
  [64, '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'],
]);

function treeOf(commit: string): string {
  return isZeros(commit) ? (emptyTrees.get(commit.length) ?? commit) : commit;
}

/**
 * What changed between two commits, renames found; zeros stand for nothing at all. Of binary files and of mere renames
 * the hunks are empty.
 */
export async function readDiff(git: Git, from: string, to: string): Promise<readonly FileDiff[]> {
  const text = await git.run(['diff-tree', ...flags, treeOf(from), treeOf(to)]);
  const { entries, rest } = parseRaw(text);
  const patches = rest.split(/^(?=diff --git )/m).filter((patch) => patch !== '');
  let next = 0;
  return entries.map((entry) => {
    // A file that became a link is told as a deletion and a creation.
    const count = entry.status === 'T' ? 2 : 1;
    const hunks = patches.slice(next, next + count).map(hunksOf);
    next += count;
    return { ...entry.file, diff: hunks.join('') };
  });
}

interface Entry {
  readonly status: string;
  readonly file: Omit<FileDiff, 'diff'>;
}

/** `:100644 100755 <from> <to> R087`, then one name, of a rename two, each ended by NUL; an empty one ends the list. */
function parseRaw(text: string): { readonly entries: readonly Entry[]; readonly rest: string } {
  const entries: Entry[] = [];
  let at = 0;
  const take = () => {
    const end = text.indexOf('\0', at);
    const piece = text.slice(at, end);
    at = end + 1;
    return piece;
  };
  while (text[at] === ':') {
    const [oldMode = '', newMode = '', , , status = ''] = take().slice(1).split(' ');
    const oldPath = take();
    const newPath = status.startsWith('R') ? take() : oldPath;
    const [newFile, deletedFile, renamedFile] = [status === 'A', status === 'D', status.startsWith('R')];
    entries.push({ status, file: { oldPath, newPath, oldMode, newMode, newFile, renamedFile, deletedFile } });
  }
  return { entries, rest: text.slice(at + (text[at] === '\0' ? 1 : 0)) };
}

function hunksOf(patch: string): string {
  const at = /^@@ /m.exec(patch)?.index;
  return at === undefined ? '' : patch.slice(at);
}
