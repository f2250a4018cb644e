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
  return lines;
}
