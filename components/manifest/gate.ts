import type { Finding } from '../kernel/finding.ts';
import type { BaselineUse } from './baseline.ts';
import type { ValidateGate } from './report.gen.ts';
import type { CheckedManifest } from './types.ts';

export interface GateSettings {
  readonly mode: 'observe' | 'warn' | 'enforce';
  readonly strict: boolean;
}

/** Which files a run is judged by. */
export type Scope =
  | { readonly kind: 'all'; readonly reason?: string }
  | { readonly kind: 'changed'; readonly files: ReadonlySet<string> };

export function inScope(scope: Scope, path: string): boolean {
  return scope.kind === 'all' || scope.files.has(path);
}

/** Whether a finding stops a merge in mode enforce. */
export function isBlocking({ severity }: Pick<Finding, 'severity'>, strict: boolean): boolean {
  return severity === 'error' || (strict && severity === 'warning');
}

/** Judges a run: the one place that decides what findings do to the exit code. */
export function judge(
  files: readonly CheckedManifest[],
  scope: Scope,
  settings: GateSettings,
  baseline?: BaselineUse,
): ValidateGate {
  const judged = files.filter((file) => inScope(scope, file.path));
  const isOld = (finding: Finding) => baseline?.old.has(finding) ?? false;
  const { errors, warnings } = countFindings(judged, (finding) => !isOld(finding));
  const counts = (finding: Finding) => isBlocking(finding, settings.strict) && !isOld(finding);
  return {
    mode: settings.mode,
    strict: settings.strict,
    scope: scope.kind,
    ...(scope.kind === 'all' && scope.reason !== undefined ? { reason: scope.reason } : {}),
    files: judged.length,
    errors,
    warnings,
    ...(baseline === undefined ? {} : { baseline: useOf(baseline, countFindings(judged, isOld)) }),
    passed: settings.mode === 'observe' || !judged.some(({ findings }) => findings.some(counts)),
  };
}

function useOf({ file, commit, gone }: BaselineUse, old: Counts): NonNullable<ValidateGate['baseline']> {
  return { file, ...(commit === undefined ? {} : { commit }), ...old, gone };
}

interface Counts {
  readonly errors: number;
  readonly warnings: number;
}

/** Counts errors and warnings, of all findings or of some. */
export function countFindings(
  files: readonly CheckedManifest[],
  isMeant: (finding: Finding) => boolean = () => true,
): Counts {
  const findings = files.flatMap((file) => file.findings).filter(isMeant);
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count('error'), warnings: count('warning') };
}
