import type { TreeEntry } from './tree.ts';

export interface BlobReader {
  readonly take: (bytes: Uint8Array) => Promise<void>;
  /** How many entries have been handed on. */
  readonly done: () => number;
}

/**
 * Takes the output of `git cat-file --batch` in pieces of any size and hands on each blob as a whole, in the order they
 * were asked for: `<object> blob <size>`, a line feed, the bytes, a line feed. It stops at the first that is not there.
 */
export function createBlobReader(
  entries: readonly TreeEntry[],
  onBlob: (entry: TreeEntry, bytes: Uint8Array) => Promise<void>,
): BlobReader {
  let next = 0;
  let broken = false;
  let pieces: Buffer[] = [];
  let held = 0;
  let wanted = 1;

  const handOn = async (): Promise<void> => {
    let rest = Buffer.concat(pieces);
    for (;;) {
      const header = rest.indexOf(0x0a);
      const entry = entries[next];
      if (header < 0 || entry === undefined || broken) break;
      broken = rest.subarray(0, header).toString() !== `${entry.object} blob ${entry.size}`;
      const end = header + 1 + (entry.size ?? 0);
      wanted = end + 1;
      if (broken || rest.length < wanted) break;
      await onBlob(entry, rest.subarray(header + 1, end));
      next += 1;
      rest = rest.subarray(end + 1);
      wanted = 1;
    }
    pieces = [rest];
    held = rest.length;
  };

  return {
    take: async (bytes) => {
      pieces.push(Buffer.from(bytes));
      held += bytes.length;
      // Joined once a blob is whole, not at every piece: that would copy a large one again and again.
      if (held >= wanted && !broken) await handOn();
    },
    done: () => (broken ? -1 : next),
  };
}
