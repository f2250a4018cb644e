import type { FindingCode } from '../../components/kernel/finding.ts';
import { yamlFindings } from '../../components/kernel/findings.ts';
import { lintFindings } from '../../components/lint-ci/findings.ts';
import { rules } from '../../components/lint-ci/rules.gen.ts';

/** What the codes mean that `pipewright lint-ci` finds, for reports that explain them. */
export const lintCodes: readonly FindingCode[] = [
  ...Object.values(yamlFindings),
  ...Object.values(lintFindings),
  ...rules.map(({ code, severity, about }) => ({ code, severity, about })),
];
