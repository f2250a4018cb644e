/** Bytes of a file that is read as text. */
export const mostFileBytes = 1024 * 1024;

/** Text of UTF-8 bytes; undefined where they are none. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
