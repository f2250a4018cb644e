/** Characters of one result. A model's context is paid for by each call that follows. */
export const mostCharacters = 48_000;

/** The text up to its limit, cut behind a line where there is one, with a last line that says what to do about it. */
export function cutText(text: string, advice: string): string {
  if (text.length <= mostCharacters) return text;
  const line = text.lastIndexOf('\n', mostCharacters);
  const kept = text.slice(0, line > 0 ? line + 1 : mostCharacters).toWellFormed();
  return `${kept}${kept.endsWith('\n') ? '' : '\n'}(cut: ${text.length - kept.length} more characters; ${advice})`;
}
