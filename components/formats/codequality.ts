import { digestBytes } from '../kernel/canonical.ts';
import type { Finding, Severity } from '../kernel/finding.ts';
import { describeFinding } from './text.ts';
import { defineFormat } from './types.ts';

const severityOf: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', info: 'info' };

/** GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export const format = defineFormat({
  id: 'codequality',
  fileName: 'gl-code-quality-report.json',
  render: ({ files }) => {
    const seen = new Map<string, number>();
    const issues = files
      .flatMap((file) => file.findings)
      .map((finding) => ({
        description: describeFinding(finding).join('; '),
        check_name: finding.code,
        fingerprint: fingerprintOf(finding, seen),
        severity: severityOf[finding.severity],
        location: { path: finding.file, lines: { begin: finding.line } },
      }));
    return `${JSON.stringify(issues, null, 2)}\n`;
  },
});

// Without the line, so that a finding that only moved is not new in the merge request; GitLab drops equal
// fingerprints, so equal findings are numbered.
function fingerprintOf(finding: Finding, seen: Map<string, number>): string {
  const identity = [finding.code, finding.file, finding.path, finding.message].join('\0');
  const count = seen.get(identity) ?? 0;
  seen.set(identity, count + 1);
  return digestBytes(`${identity}\0${count}`).replace('sha256:', '');
}
