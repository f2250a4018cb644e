const reference = /\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)\}|%([A-Za-z_]\w*)%/g;

/** Replaces `$NAME`, `${NAME}` and `%NAME%` by what `lookUp` gives for them, once; undefined is the empty text. */
export function expandVariables(
  text: string,
  lookUp: (name: string, written: string) => string | undefined,
): string {
  return text.replace(reference, (written, plain?: string, braced?: string, percent?: string) => {
    return lookUp(plain ?? braced ?? percent ?? '', written) ?? '';
  });
}
