import type { Context } from '../kernel/context.ts';
import { fileErrors } from '../kernel/errors.ts';
import { Failure, Failures } from '../kernel/failure.ts';
import type { CheckedFile, Finding } from '../kernel/finding.ts';
import { lintFile } from './check.ts';
import { rules } from './rules.gen.ts';

/**
 * Checks configurations and what they include of the checkout. A file that several include is in the result once, with the
 * findings of all. @throws FILE_NOT_FOUND and the like, of all files that cannot be read
 */
export async function lintFiles(context: Context, paths: readonly string[]): Promise<readonly CheckedFile[]> {
  const found = new Map<string, Map<string, Finding>>();
  const failures: Failure[] = [];
  for (const path of paths) {
    context.cancel.throwIfAborted();
    try {
      for (const file of await lintFile(context, path, rules)) {
        const known = found.get(file.path) ?? new Map<string, Finding>();
        for (const finding of file.findings)
          known.set(`${finding.code}:${finding.line}:${finding.column}`, finding);
        found.set(file.path, known);
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  const [first, ...rest] = failures;
  if (first !== undefined) throw new Failures([first, ...rest]);
  if (found.size === 0) throw fileErrors.NOT_FOUND({ file: paths.join(' ') });
  return [...found].map(([path, findings]) => ({ path, findings: [...findings.values()] }));
}
