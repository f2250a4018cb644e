const stars = 0x2a;

/**
 * Takes a key out of bytes that come in pieces, each of its bytes becoming a star: providers repeat the key they refuse.
 * Only what may be the beginning of the key is held back until the next piece.
 */
export function createKeyCover(key: string): {
  readonly cover: (piece: Uint8Array) => Uint8Array;
  readonly end: () => Uint8Array;
} {
  const wanted = Buffer.from(key);
  let held = Buffer.alloc(0);
  return {
    cover: (piece) => {
      const bytes = Buffer.concat([held, piece]);
      if (wanted.length === 0) return bytes;
      for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length))
        bytes.fill(stars, at, at + wanted.length);
      const keep = beginningAtEnd(bytes, wanted);
      held = bytes.subarray(bytes.length - keep);
      return bytes.subarray(0, bytes.length - keep);
    },
    end: () => held,
  };
}

/** How many bytes at the end are the beginning of what is wanted. */
function beginningAtEnd(bytes: Buffer, wanted: Buffer): number {
  for (let length = Math.min(wanted.length - 1, bytes.length); length > 0; length -= 1)
    if (bytes.subarray(bytes.length - length).equals(wanted.subarray(0, length))) return length;
  return 0;
}
