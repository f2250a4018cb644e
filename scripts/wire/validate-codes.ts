import type { FindingCode } from '../../components/kernel/finding.ts';
import { yamlFindings } from '../../components/kernel/findings.ts';
import { structureFindings } from '../../components/manifest/findings.ts';
import { componentFindings } from '../../components/manifest/ossa-components/findings.ts';
import { rules } from '../../components/manifest/rules.gen.ts';

/** What the codes mean that `pipewright validate` finds, for reports that explain them. */
export const validateCodes: readonly FindingCode[] = [
  ...Object.values(yamlFindings),
  ...Object.values(structureFindings),
  ...Object.values(componentFindings),
  ...rules,
];
