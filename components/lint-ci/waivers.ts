import type { Finding } from '../kernel/finding.ts';
import { nearest } from '../kernel/suggest.ts';
import { lintFindings } from './findings.ts';
import type { Rule } from './rule.ts';

/** A comment that says that a rule does not count for a line. */
interface Waiver {
  readonly rule: string;
  readonly reason: string;
  /** Line of the comment, and the one it is about. */
  readonly line: number;
  readonly column: number;
  readonly about: number;
}

// Blanks and a name are bounded, so that a long line is read once.
const comment =
  /(?<=^|\s)#[ \t]{0,8}pipewright-lint-ci:[ \t]{0,8}([a-z0-9-]{0,64})[ \t]{0,8}([^\r\n]{0,512})/;

/** Takes out what comments waive with a reason, and says what is wrong with the comments. */
export function applyWaivers(
  file: string,
  text: string,
  findings: readonly Finding[],
  rules: readonly Rule[],
): readonly Finding[] {
  const waivers = text.includes('pipewright-lint-ci:') ? readWaivers(text) : [];
  if (waivers.length === 0) return findings;
  const codes = new Map(rules.map(({ id, code }) => [id, code]));
  const used = new Set<Waiver>();
  const kept = findings.filter((finding) => {
    const waiver = waivers.find(
      ({ rule, reason, line, about }) =>
        reason !== '' &&
        codes.get(rule) === finding.code &&
        (finding.line === line || finding.line === about),
    );
    if (waiver !== undefined) used.add(waiver);
    return waiver === undefined;
  });
  return [
    ...kept,
    ...waivers.flatMap((waiver) => mistakeOf(file, waiver, [...codes.keys()], used.has(waiver))),
  ];
}

function readWaivers(text: string): readonly Waiver[] {
  const lines = text.split(/\r\n?|\n/);
  return lines.flatMap((content, index): Waiver[] => {
    const found = content.includes('pipewright-lint-ci:') ? comment.exec(content) : null;
    if (found === null) return [];
    const [, rule = '', reason = ''] = found;
    let about = index + 1;
    while (about < lines.length && /^\s*#/.test(lines[about] ?? '')) about += 1;
    return [{ rule, reason: reason.trim(), line: index + 1, column: found.index + 1, about: about + 1 }];
  });
}

function mistakeOf(
  file: string,
  { rule, reason, line, column }: Waiver,
  known: readonly string[],
  isUsed: boolean,
): Finding[] {
  const place = { file, line, column, path: '' };
  const say = (
    { code, severity }: { code: string; severity: Finding['severity'] },
    words: Omit<Finding, keyof typeof place | 'code' | 'severity'>,
  ) => [{ code, severity, ...place, ...words }];
  if (!known.includes(rule)) {
    const near = nearest(rule, known);
    return say(lintFindings.WAIVER_UNKNOWN, {
      message: `there is no rule "${rule}"`,
      ...(near === undefined ? {} : { suggestion: near }),
      fix: 'Name a rule of docs/lint-ci.md.',
    });
  }
  if (reason === '')
    return say(lintFindings.WAIVER_REASON, {
      message: `${rule} is waived without a reason, so it is not waived`,
      fix: `Write why: # pipewright-lint-ci: ${rule} <reason>`,
    });
  return isUsed
    ? []
    : say(lintFindings.WAIVER_UNUSED, {
        message: `nothing here is waived by this: ${rule} has nothing to say`,
        fix: 'Remove the comment.',
      });
}
