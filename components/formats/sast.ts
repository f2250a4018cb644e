import type { Finding, Severity } from '../kernel/finding.ts';
import { withoutControls } from '../kernel/log.ts';
import { createFingerprints, describeFinding } from './text.ts';
import { defineFormat } from './types.ts';

/** The line of GitLab's schema for reports of security scanners; one that does not fit its schema is not taken. */
const schemaVersion = '15.2.1';

/** An approval policy usually asks about `High` and `Critical`; what a baseline knows asks for nobody. */
const severityOf: Readonly<Record<Severity, string>> = { error: 'High', warning: 'Medium', info: 'Info' };

/** GitLab's limit of a name. */
const longestName = 255;

/**
 * GitLab's report of a static scanner (docs.gitlab.com/development/integrations/secure): with Ultimate the findings stand in the
 * merge request's security widget, and approval policies can ask for people because of them. A finding is known by its primary
 * identifier and its place; old ones stay in it, as in the Code Quality report.
 */
export const format = defineFormat({
  id: 'sast',
  fileName: 'gl-sast-report.json',
  render: ({ title, files, old, version = '0', times }) => {
    const fingerprintOf = createFingerprints();
    const vulnerabilities = files
      .flatMap((file) => file.findings)
      .map((finding) => ({
        id: fingerprintOf(finding),
        name: nameOf(finding),
        description: asCode(describeFinding(finding)),
        severity: old?.has(finding) ? 'Info' : severityOf[finding.severity],
        identifiers: [{ type: 'pipewright_rule', name: finding.code, value: finding.code }],
        location: { file: finding.file.toWellFormed(), start_line: finding.line, end_line: finding.line },
      }));
    const vendor = { name: 'Pipewright' };
    const scan = {
      analyzer: { id: 'pipewright', name: 'Pipewright', version, vendor },
      scanner: { id: title.toLowerCase().replace(/[^a-z0-9]+/g, '-'), name: title, version, vendor },
      type: 'sast',
      ...{ start_time: timeOf(times.started), end_time: timeOf(times.ended), status: 'success' },
    };
    return `${JSON.stringify({ version: schemaVersion, scan, vulnerabilities }, null, 2)}\n`;
  },
});

function nameOf({ code, message }: Finding): string {
  return Array.from(oneLine(`${code}: ${message}`))
    .slice(0, longestName)
    .join('');
}

/** GitLab reads Markdown here, and values in it are a stranger's: an indented block of code, which nothing in a line ends. */
function asCode(lines: readonly string[]): string {
  return lines.map((line) => `    ${oneLine(line)}`).join('\n');
}

function oneLine(text: string): string {
  return withoutControls(text.replace(/\s+/g, ' ')).toWellFormed();
}

/** In UTC, without a zone, as the schema has it. */
function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, '2026-11-29T00:00:00'.length);
}
