/** Bytes of one result where a tool has no reason for another limit. */
export const usualLimit = 48_000;

/** Milliseconds of one call where a tool has no reason for another. */
export const usualTimeout = 30_000;

/** The text up to that many bytes, cut behind a line where there is one, with a last line that says what to do about it. */
export function cutText(text: string, limit: number, advice: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(limit));
  const line = text.lastIndexOf('\n', read - 1);
  const kept = text.slice(0, line > 0 ? line + 1 : read).toWellFormed();
  const more = bytes - Buffer.byteLength(kept);
  return `${kept}${kept.endsWith('\n') ? '' : '\n'}(cut: ${more} more bytes; ${advice})`;
}

/** A path or a name on one line: it may hold a line feed, which would make two of it. */
export function onOneLine(text: string): string {
  return text.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** `1 file`, `2 files`. */
export function counted(count: number, what: string, many = `${what}s`): string {
  return `${count} ${count === 1 ? what : many}`;
}

/** A result that tells the model what is wrong. */
export function refused(text: string): { readonly text: string; readonly failed: true } {
  return { text, failed: true };
}

export function answered(text: string): { readonly text: string; readonly failed: false } {
  return { text, failed: false };
}
