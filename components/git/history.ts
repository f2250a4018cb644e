import type { BlamedLine, History, LogEntry } from '../tools/types.ts';
import { errors } from './errors.ts';
import { reasonOf } from './fetch-commits.ts';
import type { GitObjects } from './git-objects.ts';
import { isTreePath } from './tree.ts';

/**
 * Commits up to one, the newest first, by the plumbing command, which obeys no setting of `log`. Names are those of the
 * commits: a `.mailmap` is a stranger's file.
 * @throws GIT_UNREADABLE
 */
export async function readLog(
  objects: GitObjects,
  commit: string,
  path: string | undefined,
  most: number,
): Promise<History<LogEntry>> {
  if (path !== undefined && !isTreePath(path)) return { entries: [], isWhole: true };
  const format = '--format=tformat:%an%x00%ad%x00%s';
  const bounded = ['--date=short', '--encoding=UTF-8', `--max-count=${most + 1}`];
  const paths = path === undefined ? [] : [path];
  const listed = await objects(['rev-list', format, ...bounded, '--end-of-options', commit, '--', ...paths]);
  if (listed.exitCode !== 0) throw errors.UNREADABLE({ what: 'the history', reason: reasonOf(listed) });
  const entries = parseLog(listed.stdout);
  const isWhole = entries.length <= most && !(await isShallow(objects));
  return { entries: entries.slice(0, most), isWhole };
}

/** A line `commit <name>`, and one with author, day and subject. */
function parseLog(text: string): LogEntry[] {
  return [...text.matchAll(/^commit ([0-9a-f]+)\n([^\0\n]*)\0([^\0\n]*)\0(.*)$/gm)].map(
    ([, commit = '', author = '', day = '', subject = '']) => ({ commit, author, day, subject }),
  );
}

/** Where a shallow clone ends, its last commits look as if they had made everything. */
async function isShallow(objects: GitObjects): Promise<boolean> {
  return (await objects(['rev-parse', '--is-shallow-repository'])).stdout.trim() !== 'false';
}

/**
 * A `.mailmap` of the head is not obeyed, and no text is converted. `blame` does not know `--end-of-options`; the commit is an
 * object name (objects.ts), and what stands behind `--` is a path. `blame.ignoreRevsFile` of the clone itself cannot be taken
 * back: it passes over commits, and only who owns the clone can set it.
 */
const plain = ['-c', 'mailmap.blob=', '-c', 'mailmap.file=/dev/null'];

/** @throws GIT_UNREADABLE */
export async function readBlame(
  objects: GitObjects,
  commit: string,
  path: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<History<BlamedLine>> {
  if (!isTreePath(path)) return { entries: [], isWhole: true };
  const options = ['--line-porcelain', '--encoding=UTF-8', '--no-textconv', '-L', `${from},${to}`];
  const blamed = await objects([...plain, 'blame', ...options, commit, '--', path]);
  if (blamed.exitCode !== 0) throw errors.UNREADABLE({ what: path, reason: reasonOf(blamed) });
  return { entries: parseBlame(blamed.stdout), isWhole: !(await isShallow(objects)) };
}

/** A head `<commit> <line then> <line now>`, fields, and the line behind a tab (git-blame(1), The porcelain format). */
function parseBlame(text: string): BlamedLine[] {
  const lines: BlamedLine[] = [];
  let [commit, line] = ['', 0];
  let fields: Record<string, string> = {};
  for (const row of text.split('\n')) {
    const head = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(row);
    if (row.startsWith('\t')) {
      const { author = '', summary: subject = '' } = fields;
      const seconds = Number(fields['author-time']);
      const day = Number.isFinite(seconds) ? dayOf(seconds) : '';
      lines.push({ line, text: row.slice(1), commit: { commit, author, day, subject } });
      fields = {};
    } else if (head !== null) [commit, line] = [head[1] ?? '', Number(head[2])];
    else fields[row.split(' ', 1)[0] ?? ''] = row.slice(row.indexOf(' ') + 1);
  }
  return lines;
}

/** A commit may claim any time. */
function dayOf(seconds: number): string {
  const date = new Date(seconds * 1_000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}
