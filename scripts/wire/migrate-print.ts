import type { Context } from '../../components/kernel/context.ts';
import { redactData } from '../../components/kernel/redact.ts';
import { renderDiff } from '../../components/manifest/fix/diff.ts';
import type { MigratedFile } from '../../components/manifest/migrate/run.ts';

/** Prints what became of each file: the change as a diff, and why each part of it was made. */
export async function printMigrated(
  context: Context,
  files: readonly MigratedFile[],
  { dryRun, json }: { readonly dryRun: boolean; readonly json: boolean },
): Promise<void> {
  if (json) {
    const report = files.map(({ before, after, ...file }) => ({ ...file, changed: before !== after }));
    context.print(`${JSON.stringify(redactData(context.redact, report), null, 2)}\n`);
    return;
  }
  for (const file of redactData(context.redact, files)) {
    if (file.before !== file.after) context.print(await renderDiff(file));
    context.print(`${file.path}: ${outcomeOf(file, dryRun)}\n`);
    for (const { kind, path, says } of file.changes) {
      context.print(`  ${kind} ${path === '' ? '' : `${path}: `}${says}\n`);
    }
  }
}

function outcomeOf({ before, after, valid, failure }: MigratedFile, dryRun: boolean): string {
  if (failure !== undefined) return `not written: ${failure}`;
  const done = before === after ? 'nothing to change' : dryRun ? 'would be migrated' : 'migrated';
  return valid ? done : `${done}, and is not valid yet`;
}
