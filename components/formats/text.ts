import { digestBytes } from '../kernel/canonical.ts';
import type { Finding } from '../kernel/finding.ts';
import { withoutControls } from '../kernel/log.ts';

/** A finding as a person at a terminal wants to read it. */
export function renderFinding(finding: Finding): string {
  const lines = [
    // A name may hold line feeds, and must not forge a line of its own.
    `${finding.file.replace(/[\n\t]/g, ' ')}:${finding.line}:${finding.column} ${finding.severity} ${finding.code}`,
    ...describeFinding(finding).map((line) => `  ${line}`),
  ];
  return `${lines.map(withoutControls).join('\n')}\n`;
}

/** What was found, what was expected, what was likely meant: a line each. */
export function describeFinding(finding: Finding): string[] {
  const lines = [finding.message];
  if (finding.expected !== undefined) lines.push(`expected ${finding.expected}`);
  if (finding.suggestion !== undefined) lines.push(`did you mean "${finding.suggestion}"?`);
  if (finding.fix !== undefined) lines.push(finding.fix);
  if (finding.deviation !== undefined) lines.push(`stricter than the published schema: ${finding.deviation}`);
  return lines;
}

type Identified = Pick<Finding, 'code' | 'file' | 'path' | 'message'>;

/** What a finding is known by. It has no line: one that only moved is not new. */
export function identityOf({ code, file, path, message }: Identified): string {
  return [code, file, path, message].join('\0');
}

/** Gives the findings of one report their fingerprints, in order: equal ones are numbered, so that none is dropped. */
export function createFingerprints(): (finding: Finding) => string {
  const seen = new Map<string, number>();
  return (finding) => {
    const identity = identityOf(finding);
    const count = seen.get(identity) ?? 0;
    seen.set(identity, count + 1);
    return digestBytes(`${identity}\0${count}`).replace('sha256:', '');
  };
}

/** A path as part of a URL: each step percent-encoded (RFC 3986), parentheses too, which end a link in Markdown. */
export function encodePath(path: string): string {
  const steps = path.toWellFormed().split('/');
  return steps.map(encodeURIComponent).join('/').replaceAll('(', '%28').replaceAll(')', '%29');
}
