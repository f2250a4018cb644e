import type { CheckedFile } from '../kernel/finding.ts';
import type { LintGate, LintReport } from './report.gen.ts';

/** Judges a run: the one place that decides what findings do to the exit code. */
export function judge(files: readonly CheckedFile[], settings: Pick<LintGate, 'mode' | 'strict'>): LintGate {
  const findings = files.flatMap((file) => file.findings);
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const { mode, strict } = settings;
  const passed = mode === 'observe' || errors + (strict ? warnings : 0) === 0;
  return { mode, strict, files: files.length, errors, warnings, passed };
}

/** Makes the report of a run (schemas/lint-ci-report.schema.json). */
export function makeReport(files: readonly CheckedFile[], gate: LintGate, version: string): LintReport {
  return {
    format: 'pipewright/lint-ci-report/v1',
    version,
    gate,
    files: files.map(({ path, findings }) => ({
      path,
      findings: findings.map(({ file: _, deviation: __, ...told }) => told),
    })),
  };
}

/** What a run comes to, in a line or two. It names no file: it may stand in a merge request as it is. */
export function renderVerdict({ mode, strict, files, errors, warnings }: LintGate): string {
  const lines = [`${counted(files, 'file')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`];
  if (strict && warnings > 0) lines.push(`Strict: ${counted(warnings, 'warning')} count like errors`);
  if (mode === 'observe' && errors > 0) lines.push('Mode observe: nothing fails.');
  return lines.join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
