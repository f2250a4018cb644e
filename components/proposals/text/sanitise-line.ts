import { normaliseCharacters } from './characters.ts';
import { fitLine } from './cut.ts';
import { createTally } from './tally.ts';
import type { ChangeKind, Count, SafeLine, Sanitised, TextLimits } from './types.ts';
import { hasTrackerKey, keywords, shortenCommits } from './words.ts';

interface Step {
  readonly kind: ChangeKind;
  readonly pattern: RegExp;
  readonly by: string | ((found: string) => string);
}

/**
 * GitLab reads no Markdown in titles, so a backslash would be shown and would not help; a space behind the sign does. The
 * same words stay harmless where a template quotes a title in Markdown.
 */
const steps: readonly Step[] = [
  { kind: 'html', pattern: /<(?![=\d.-]*(?:\s|$))/g, by: '< ' },
  { kind: 'html', pattern: /&(?=(?:#\w{1,8}|[a-z]\w{0,31});)/gi, by: '& ' },
  { kind: 'link', pattern: /:\/\/(?=\S)/g, by: ':// ' },
  { kind: 'link', pattern: /(?<![a-z0-9])www\.(?=\S)/gi, by: 'www. ' },
  { kind: 'link', pattern: /\](?=[(:])/g, by: '] ' },
  { kind: 'directive', pattern: /\[(?=\[|toc\])/gi, by: '[ ' },
  { kind: 'reference', pattern: /@(?=\S)/g, by: '@ ' },
  { kind: 'reference', pattern: /[#!&](?=\d)/g, by: (sign) => `${sign} ` },
  {
    kind: 'reference',
    pattern: /\$(?=\S)|%(?=[^\s.,;:?)'/=|>(\]}*-])|~(?=[^\s/])/g,
    by: (sign) => `${sign} `,
  },
  { kind: 'reference', pattern: new RegExp(`(?<=[[*](?:${keywords.join('|')})):(?=\\S)`, 'gi'), by: ': ' },
  { kind: 'reference', pattern: /GL-(?=\d)/g, by: 'GL ' },
  { kind: 'reference', pattern: /(?<=[\w.-]\/[\w.-]{1,300})>/g, by: ' >' },
  {
    kind: 'reference',
    pattern: /(?<![A-Za-z0-9_])_*[A-Z][A-Z0-9_]+-\d+/g,
    by: (key) => (hasTrackerKey(key) ? key.replace(/-(?=\d+$)/, ' ') : key),
  },
];

/**
 * Makes the title of a stranger harmless on GitLab: one line, no mention, reference, link, HTML or mark of a block. What is
 * sanitised comes through as it is. Time is linear.
 */
export function sanitiseLine(untrusted: string, limits: TextLimits): Sanitised<SafeLine> {
  const tally = createTally();
  const plain = normaliseCharacters(untrusted, tally.count).replace(/[\n\t ]+/g, ' ');
  const { text, isCut } = fitLine(withoutMeaning(plain, tally.count), limits.characters, (piece) =>
    withoutMeaning(piece, () => undefined),
  );
  if (isCut) tally.count('cut');
  if (text === '') tally.count('empty');
  return { text: text as SafeLine, changes: tally.changes() };
}

function withoutMeaning(plain: string, count: Count): string {
  let line = plain;
  for (const { kind, pattern, by } of steps) {
    line = line.replace(pattern, (found) => {
      const changed = typeof by === 'string' ? by : by(found);
      if (changed !== found) count(kind);
      return changed;
    });
  }
  line = shortenCommits(line, () => count('reference'));
  return withoutOpenCode(withoutMarks(line.replace(/ {2,}/g, ' ').trim(), count), count);
}

/** A line must not begin with what a quick action or a block of Markdown begins with. */
function withoutMarks(line: string, count: Count): string {
  const [marks = ''] =
    /^(?:[\s/>]|(?:[#=+*|~-]+|\d{1,9}[.)])(?=\s|$)|:{2,}|`{3,}|~{3,}|-{3,})+/.exec(line) ?? [];
  if (marks.trim() !== '') count(marks.includes('/') ? 'quick-action' : 'directive');
  return line.slice(marks.length);
}

function withoutOpenCode(line: string, count: Count): string {
  if (!line.includes('``') && line.split('`').length % 2 === 1) return line;
  count('code');
  return line.replaceAll('`', "'");
}
