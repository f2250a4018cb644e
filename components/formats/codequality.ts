import type { Severity } from '../kernel/finding.ts';
import { createFingerprints, describeFinding } from './text.ts';
import { defineFormat } from './types.ts';

const severityOf: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', info: 'info' };

/**
 * GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. It compares
 * with the target branch by fingerprint, so old findings stay in it: without them they would count as fixed.
 */
export const format = defineFormat({
  id: 'codequality',
  fileName: 'gl-code-quality-report.json',
  render: ({ files, old }) => {
    const fingerprintOf = createFingerprints();
    const issues = files
      .flatMap((file) => file.findings)
      .map((finding) => {
        const isOld = old?.has(finding) ?? false;
        const lines = [...(isOld ? ['old, in the baseline'] : []), ...describeFinding(finding)];
        return {
          description: lines.join('; '),
          check_name: finding.code,
          fingerprint: fingerprintOf(finding),
          severity: isOld ? 'info' : severityOf[finding.severity],
          location: { path: finding.file, lines: { begin: finding.line } },
        };
      });
    return `${JSON.stringify(issues, null, 2)}\n`;
  },
});
