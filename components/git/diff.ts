import { errors } from './errors.ts';
import { reasonOf } from './fetch-commits.ts';
import type { GitObjects } from './git-objects.ts';

/** Bytes of a diff; what is beyond is cut off, and said to be. */
const mostDiffBytes = 256 * 1024;

/**
 * Unified diff between two commits. Abbreviated object names grow with a repository, and rename detection and context
 * can be configured: all is said here, so that equal commits give an equal text.
 */
const options = [
  ...['-r', '-p', '-U3', '-M', '--full-index', '--no-ext-diff', '--no-textconv', '--no-color'],
  ...['--src-prefix=a/', '--dst-prefix=b/', '--submodule=short', '--diff-algorithm=myers'],
];

/** @throws GIT_UNREADABLE */
export async function readDiff(
  objects: GitObjects,
  base: string,
  head: string,
  path: string | undefined,
): Promise<string> {
  const enough = new AbortController();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const paths = path === undefined ? [] : ['--', path];
  const diff = await objects(['diff-tree', ...options, base, head, ...paths], {
    cancel: enough.signal,
    onBytes: (piece) => {
      bytes += piece.length;
      if (bytes <= mostDiffBytes + piece.length) pieces.push(piece);
      if (bytes > mostDiffBytes) enough.abort(new Error('enough'));
    },
  });
  const whole = Buffer.concat(pieces);
  if (whole.length > mostDiffBytes) {
    const end = whole.lastIndexOf(0x0a, mostDiffBytes - 1) + 1;
    return `${decode(whole.subarray(0, end))}\\ The diff goes on: it is cut after ${mostDiffBytes / 1024} KiB.\n`;
  }
  if (diff.exitCode !== 0) throw errors.UNREADABLE({ what: 'the diff', reason: reasonOf(diff) });
  return decode(whole);
}

/** A diff may hold lines in any encoding; what is no UTF-8 becomes U+FFFD. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
