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

/** Judges a run: the one place that decides what findings do to the exit code. */
export function judge(files: readonly CheckedManifest[], scope: Scope, settings: GateSettings): ValidateGate {
  const judged = files.filter((file) => inScope(scope, file.path));
  const { errors, warnings } = countFindings(judged);
  return {
    mode: settings.mode,
    strict: settings.strict,
    scope: scope.kind,
    ...(scope.kind === 'all' && scope.reason !== undefined ? { reason: scope.reason } : {}),
    files: judged.length,
    errors,
    warnings,
    passed: settings.mode === 'observe' || errors + (settings.strict ? warnings : 0) === 0,
  };
}

export function countFindings(files: readonly CheckedManifest[]): { errors: number; warnings: number } {
  const findings = files.flatMap((file) => file.findings);
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count('error'), warnings: count('warning') };
}
