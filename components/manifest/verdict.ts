import { countFindings } from './gate.ts';
import type { ValidateGate } from './report.gen.ts';
import type { CheckedManifest } from './types.ts';

/** What a run comes to, in a line or two. It names no file: it stands in a merge request as it is. */
export function renderVerdict(files: readonly CheckedManifest[], gate: ValidateGate): string {
  const invalid = files.filter((file) => file.structure === 'invalid').length;
  const all = countFindings(files);
  const lines = [
    `${counted(files.length, 'manifest')}: ${files.length - invalid} valid, ${invalid} invalid; ` +
      `${counted(all.errors, 'error')}, ${counted(all.warnings, 'warning')}`,
  ];
  if (gate.scope === 'changed') {
    const outside = all.errors - gate.errors - (gate.baseline?.errors ?? 0);
    const rest = outside === 0 ? '' : `; ${counted(outside, 'error')} in files it leaves alone`;
    const judged = gate.files === 0 ? 'no manifest' : counted(gate.files, 'manifest');
    lines.push(`This merge request changes ${judged}: ${counted(gate.errors, 'error')}${rest}`);
  }
  lines.push(...baselineLines(gate));
  if (gate.strict && gate.warnings > 0)
    lines.push(`Strict: ${counted(gate.warnings, 'warning')} count like errors`);
  if (gate.mode === 'observe' && gate.errors > 0) {
    lines.push('Mode observe: nothing fails; set the input `mode` to enforce to make these errors count.');
  }
  return lines.join('\n');
}

function baselineLines({ baseline, errors, warnings }: ValidateGate): string[] {
  if (baseline === undefined) return [];
  const old = `${counted(baseline.errors, 'old error')}, ${counted(baseline.warnings, 'old warning')}`;
  const fresh = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  const lines = [`Baseline: ${old} do not count; new: ${fresh}`];
  const verb = baseline.gone === 1 ? 'is' : 'are';
  if (baseline.gone > 0)
    lines.push(`${counted(baseline.gone, 'finding')} of the baseline ${verb} gone: update it`);
  return lines;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
