import { nearest } from '../../kernel/suggest.ts';
import { twinErrors } from '../errors.ts';

/** Something that happens to a project of the twin. */
export type Step = {
  /** Who does it; `local` where nobody is named. */
  readonly as: string | undefined;
  /** Path of the project; the one in the working directory where none is named. */
  readonly project: string | undefined;
  /** As it was written. */
  readonly text: string;
} & (
  | { readonly do: 'push'; readonly source: string; readonly branch: string }
  | {
      readonly do: 'open';
      readonly source: string;
      readonly branch: string;
      readonly target: string | undefined;
    }
  | { readonly do: 'merge' | 'approve' | 'notes'; readonly iid: number | undefined }
  | { readonly do: 'play' | 'retry'; readonly job: string }
  | { readonly do: 'schedule'; readonly name: string }
  | { readonly do: 'run'; readonly branch: string | undefined }
  | { readonly do: 'issues' }
);

export const stepForms = {
  push: 'push <branch> or push <commit>:<branch>',
  open: 'open <branch> [into <branch>]: pushes it and opens a merge request; open <commit>:<branch> as for push',
  approve: 'approve [!<number>]',
  merge: 'merge [!<number>]',
  play: 'play <manual job>',
  retry: 'retry <job>',
  schedule: 'schedule <description>',
  run: 'run [<branch>]: a pipeline as by "Run pipeline"',
  notes: 'notes [!<number>]: prints the notes of a merge request',
  issues: 'issues: prints the open issues of a project',
} as const;

/** Each may end with `as <user>` and `in <group/project>`. @throws TWIN_STEP */
export function parseStep(text: string): Step {
  const [verb = '', ...words] = text.trim().split(/\s+/);
  const project = takeTail(words, 'in');
  const as = takeTail(words, 'as');
  const target = verb === 'open' ? takeTail(words, 'into') : undefined;
  const common = { as, project, text };
  const rest = words.join(' ');
  switch (verb) {
    case 'push':
      return { ...common, do: verb, ...refspec(text, words) };
    case 'open':
      return { ...common, do: verb, ...refspec(text, words), target };
    case 'merge':
    case 'approve':
    case 'notes':
      return { ...common, do: verb, iid: numberOf(text, words) };
    case 'play':
    case 'retry':
      return { ...common, do: verb, job: needed(text, rest) };
    case 'schedule':
      return { ...common, do: verb, name: needed(text, rest) };
    case 'run':
      if (words.length > 1) throw wrong(text);
      return { ...common, do: verb, branch: words[0] };
    case 'issues':
      if (words.length > 0) throw wrong(text);
      return { ...common, do: verb };
    default:
      throw wrong(text);
  }
}

/** Takes `<word> <value>` off the end. */
function takeTail(words: string[], word: string): string | undefined {
  if (words.at(-2) !== word) return undefined;
  const [, value] = words.splice(-2);
  return value;
}

function refspec(text: string, words: readonly string[]): { source: string; branch: string } {
  const [spec, ...more] = words;
  if (spec === undefined || more.length > 0) throw wrong(text);
  const colon = spec.indexOf(':');
  const source = colon < 0 ? spec : spec.slice(0, colon);
  const branch = spec.slice(colon + 1);
  if (source === '' || branch === '') throw wrong(text);
  return { source, branch };
}

function numberOf(text: string, words: readonly string[]): number | undefined {
  const [word, ...more] = words;
  if (word === undefined) return undefined;
  const [, digits] = /^!?(\d+)$/.exec(word) ?? [];
  if (digits === undefined || more.length > 0) throw wrong(text);
  return Number(digits);
}

function needed(text: string, rest: string): string {
  if (rest === '') throw wrong(text);
  return rest;
}

function wrong(text: string): Error {
  const verb = text.trim().split(/\s+/)[0] ?? '';
  const verbs = Object.keys(stepForms) as (keyof typeof stepForms)[];
  const known = verbs.find((one) => one === verb);
  const expected = known === undefined ? verbs.join(', ') : stepForms[known];
  return twinErrors.STEP({ text, expected, near: known === undefined ? nearest(verb, verbs) : undefined });
}
