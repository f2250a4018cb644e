const words = 'pipeline merge review finding deploy policy token budget runner stage branch commit'.split(
  ' ',
);

/** A text of about a thousand characters that compresses as prose does. */
export function message(index: number): string {
  let [text, state] = ['', index + 1];
  while (text.length < 1_000) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += `${words[state % words.length]} ${(state >>> 8).toString(36)} `;
  }
  return text;
}

/** Messages a session begins with, 20 KB; a hundred iterations later it has 118 KB. */
export const before = 19;
