import type { Finding } from '../kernel/finding.ts';
import { countFindings } from './gate.ts';
import type { ValidatedFile, ValidateGate, ValidateReport } from './report.gen.ts';
import type { CheckedManifest } from './types.ts';

/**
 * Makes the report of a run (schemas/validate-report.schema.json).
 *
 * @param old - findings that a baseline knows
 */
export function makeReport(
  files: readonly CheckedManifest[],
  gate: ValidateGate,
  version: string,
  old: ReadonlySet<Finding> = new Set(),
): ValidateReport {
  const valid = files.filter((file) => file.structure === 'valid').length;
  return {
    format: 'pipewright/validate-report/v1',
    version,
    gate,
    summary: { files: files.length, valid, invalid: files.length - valid, ...countFindings(files) },
    files: files.map((file) => reportFile(file, old)),
  };
}

function reportFile(file: CheckedManifest, old: ReadonlySet<Finding>): ValidatedFile {
  return {
    path: file.path,
    ...(file.digest === undefined ? {} : { digest: file.digest }),
    structure: file.structure,
    ...(file.features === undefined ? {} : { features: [...file.features] }),
    findings: file.findings.map((finding) => {
      const { file: _, ...told } = finding;
      return old.has(finding) ? { ...told, baseline: true } : told;
    }),
  };
}
