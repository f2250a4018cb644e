import { withoutInvisible } from './hidden/invisible.ts';
import { withoutHidden } from './hidden/without-hidden.ts';

/**
 * Sources whose texts people see as they are written: GitLab shows the comments in a file, a diff and a log. Of every other
 * source they see a page, and what a page hides is taken out.
 */
const shownAsWritten: ReadonlySet<string> = new Set([
  'repository',
  'merge-request-diff',
  'job-log',
  'function',
  'task-input',
  'subagent',
]);

/**
 * A stranger's text as a model gets it: without what its readers do not see, without secrets, between marks that say where it is
 * from. The text cannot close them. Cleaned before it is redacted: a token with an invisible character in it would be put together
 * again.
 *
 * @param redact - sees the text as it will be read
 */
export function wrapUntrusted(text: string, source: string, redact: (text: string) => string): string {
  const cleaned = shownAsWritten.has(source) ? asWritten(text) : asShown(text);
  const body = redact(cleaned.text).replace(/<(?=\/?untrusted)/gi, '&lt;');
  const removed = cleaned.removed.map(([what, count]) => (count === 0 ? '' : ` ${what}-removed="${count}"`));
  return `<untrusted source="${source}"${removed.join('')}>\n${body}${body.endsWith('\n') ? '' : '\n'}</untrusted>`;
}

interface CleanedText {
  readonly text: string;
  readonly removed: readonly (readonly [what: string, count: number])[];
}

function asWritten(given: string): CleanedText {
  const { text, removed } = withoutInvisible(given);
  return { text, removed: [['invisible-characters', removed]] };
}

function asShown(given: string): CleanedText {
  const { text, invisibleCharacters, hidden, isWithheld } = withoutHidden(given);
  const parts = Object.values(hidden).reduce((sum, count) => sum + count, 0);
  return {
    text: isWithheld ? '(withheld: what it hides cannot be told from what it shows)' : text,
    removed: [
      ['invisible-characters', invisibleCharacters],
      ['hidden-parts', parts],
    ],
  };
}
