import { counted } from '../text.ts';

/** Steps of RE2's automaton for one expression: a larger one costs as much for every character. */
export const largestProgram = 500;

/** Characters of a line that are looked at; one that goes on has its rest passed over. */
export const longestLine = 10_000;

export type LineMatcher =
  | { readonly ok: true; readonly matches: (line: string) => boolean; readonly cost: number }
  | { readonly ok: false; readonly reason: string };

export interface Wanted {
  readonly pattern: string;
  readonly regex?: boolean | undefined;
  readonly ignoreCase?: boolean | undefined;
}

/**
 * Finds a text or a regular expression in lines. Expressions are RE2's, which never backtrack, and small ones: what a
 * character of text costs is bounded by `cost`, in units of one step.
 */
export async function createLineMatcher({ pattern, regex, ignoreCase }: Wanted): Promise<LineMatcher> {
  if (regex !== true) {
    const fold = (text: string) => (ignoreCase === true ? text.toLowerCase() : text);
    const wanted = fold(pattern);
    return { ok: true, matches: (line) => fold(line).includes(wanted), cost: 1 };
  }
  const { RE2JS } = await import('re2js');
  try {
    const compiled = RE2JS.compile(pattern, ignoreCase === true ? RE2JS.CASE_INSENSITIVE : 0);
    const size = compiled.programSize();
    if (size > largestProgram)
      return { ok: false, reason: `it has ${counted(size, 'step')}, at most ${largestProgram} are taken` };
    return { ok: true, matches: (line) => compiled.test(line), cost: size };
  } catch (error) {
    return { ok: false, reason: (error as Error).message };
  }
}

/** Lines of a text; what follows the last line feed is no line where it is empty. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
