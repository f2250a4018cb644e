import { countFindings } from './gate.ts';
import type { ValidatedFile, ValidateGate, ValidateReport } from './report.gen.ts';
import type { CheckedManifest } from './types.ts';

/** Makes the report of a run (schemas/validate-report.schema.json). */
export function makeReport(
  files: readonly CheckedManifest[],
  gate: ValidateGate,
  version: string,
): ValidateReport {
  const valid = files.filter((file) => file.structure === 'valid').length;
  return {
    format: 'pipewright/validate-report/v1',
    version,
    gate,
    summary: { files: files.length, valid, invalid: files.length - valid, ...countFindings(files) },
    files: files.map(reportFile),
  };
}

function reportFile(file: CheckedManifest): ValidatedFile {
  return {
    path: file.path,
    ...(file.digest === undefined ? {} : { digest: file.digest }),
    structure: file.structure,
    findings: file.findings.map(({ file: _, ...finding }) => finding),
  };
}
