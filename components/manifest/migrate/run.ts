import { resolve } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { Failure, Failures } from '../../kernel/failure.ts';
import { readTextFile } from '../../kernel/files.ts';
import { defaultYamlLimits } from '../../kernel/yaml-limits.ts';
import { errors } from '../errors.ts';
import { writeManifest } from '../fix/run.ts';
import type { Change } from './change.ts';
import { targetOf, targets } from './ladder.ts';
import { migrateText } from './migrate-text.ts';

export interface MigratedFile {
  /** Relative to the working directory. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Change[];
  /** Whether it satisfies its new version. */
  readonly valid: boolean;
  /** Why it was not written, where it should have been. */
  readonly failure?: string;
}

/**
 * Brings manifests to another version in place. All of them are worked out before the first is written: a file that cannot be
 * migrated leaves all as they are. @throws MANIFEST_TARGET_UNKNOWN, MANIFEST_NOT_MIGRATABLE, FILE_UNREADABLE
 *
 * @param dryRun - writes nothing
 */
export async function migrateFiles(
  context: Context,
  paths: readonly string[],
  to: string,
  dryRun: boolean,
): Promise<readonly MigratedFile[]> {
  const target = targetOf(to);
  if (target === undefined)
    throw errors.TARGET_UNKNOWN({ to: JSON.stringify(to), known: targets.join(', ') });
  const planned: MigratedFile[] = [];
  const failures: Failure[] = [];
  for (const path of paths) {
    context.cancel.throwIfAborted();
    try {
      planned.push(await planFile(context, path, target));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  const [first, ...rest] = failures;
  if (first !== undefined) throw new Failures([first, ...rest]);
  if (dryRun) return planned;
  const written: MigratedFile[] = [];
  for (const file of planned) {
    const failure =
      file.before === file.after ? undefined : await writeManifest(context, file.path, file.after);
    written.push(failure === undefined ? file : { ...file, failure });
  }
  return written;
}

async function planFile(context: Context, path: string, target: string): Promise<MigratedFile> {
  const maxBytes = defaultYamlLimits.manifest.bytes;
  const before = await readTextFile(context, resolve(context.cwd, path), { maxBytes, shown: path });
  const done = await migrateText(before, target);
  if (done === undefined) throw errors.NOT_MIGRATABLE({ file: path });
  return { path, before, after: done.text, changes: done.changes, valid: done.valid };
}
