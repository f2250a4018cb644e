/** What a file of a session's package is, told by its name. `nonce`: of the writer, which no other has. */
export type FileName =
  /** A writer wants the epoch. */
  | { readonly kind: 'claim'; readonly epoch: number; readonly nonce: string }
  /** That writer does nothing more, and has done nothing. */
  | { readonly kind: 'left'; readonly epoch: number; readonly nonce: string }
  /** Pieces of the segment, counted from 1. */
  | {
      readonly kind: 'block';
      readonly epoch: number;
      readonly nonce: string;
      readonly first: number;
      readonly last: number;
    };

export function renderName(name: FileName): string {
  const start = `${name.kind}-${String(name.epoch).padStart(6, '0')}-${name.nonce}`;
  return name.kind === 'block' ? `${start}-${name.first}-${name.last}` : start;
}

/** Undefined for what is none of ours. */
export function parseName(text: string): FileName | undefined {
  const match = /^(claim|left|block)-(\d{6,9})-([0-9a-f]{16})(?:-(\d{1,9})-(\d{1,9}))?$/.exec(text);
  const [, kind, epoch, nonce = '', first, last] = match ?? [];
  if (kind === 'claim' || kind === 'left')
    return first === undefined ? { kind, epoch: Number(epoch), nonce } : undefined;
  if (kind !== 'block' || first === undefined) return undefined;
  return { kind, epoch: Number(epoch), nonce, first: Number(first), last: Number(last) };
}

/**
 * The first piece of the block that ends with a piece. Blocks are those of a Fenwick tree: each piece is uploaded about
 * log2(n)/2 times, and n of them are read in log2(n) files, where a file each would be n requests to go on.
 */
export function firstOfBlock(last: number): number {
  return last - (last & -last) + 1;
}

/** The blocks that make the first `count` pieces, in order. */
export function blocksOf(count: number): readonly { readonly first: number; readonly last: number }[] {
  const blocks: { first: number; last: number }[] = [];
  for (let last = count; last > 0; last = firstOfBlock(last) - 1)
    blocks.unshift({ first: firstOfBlock(last), last });
  return blocks;
}
