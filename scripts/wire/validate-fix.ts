import type { Context } from '../../components/kernel/context.ts';
import type { CheckedFile } from '../../components/kernel/finding.ts';
import { redactData } from '../../components/kernel/redact.ts';
import { renderDiff } from '../../components/manifest/fix/diff.ts';
import { fixFiles } from '../../components/manifest/fix/run.ts';
import { findManifests, type ManifestSelection } from '../../components/manifest/run.ts';

/** Mends the manifests of a selection in place, or shows what would be done, and prints each change with its reason. */
export async function mendManifests(
  context: Context,
  selection: ManifestSelection,
  dryRun: boolean,
): Promise<void> {
  const { files } = await findManifests(context, selection);
  const mended = redactData(context.redact, await fixFiles(context, files, dryRun));
  for (const file of mended) {
    context.print(await renderDiff(file));
    for (const { code, path, says } of file.fixed) {
      context.print(`${file.path}: ${code}${path === '' ? '' : ` ${path}`}: ${says}\n`);
    }
    if (file.failure !== undefined) context.print(`${file.path}: not written: ${file.failure}\n`);
  }
  const count = mended.reduce((sum, { fixed }) => sum + fixed.length, 0);
  const what = `${count} ${count === 1 ? 'mistake' : 'mistakes'} in ${mended.length} ${mended.length === 1 ? 'file' : 'files'}`;
  context.print(dryRun ? `${what} would be mended; nothing is written\n\n` : `${what} mended\n\n`);
}

/** More files or milliseconds than a note is worth: whoever writes a manifest decides how long mending it takes. */
const mostAsked = 20;
const longestAsked = 3_000;

/** How many findings of these files `--fix` would take away; undefined where that takes too long to find out. */
export async function countMendable(
  context: Context,
  files: readonly CheckedFile[],
): Promise<number | undefined> {
  const wrong = files.filter(({ findings }) => findings.length > 0);
  if (wrong.length === 0 || wrong.length > mostAsked) return undefined;
  const until = context.clock.monotonic() + longestAsked;
  const isTooLong = () => context.clock.monotonic() > until;
  const paths = wrong.map(({ path }) => path);
  const mended = await fixFiles(context, paths, true, isTooLong);
  return isTooLong() ? undefined : mended.reduce((sum, { fixed }) => sum + fixed.length, 0);
}
