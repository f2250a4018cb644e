import { resolve } from 'node:path';
import { policySuffix } from '../../components/decide/asked.ts';
import { errors } from '../../components/decide/errors.ts';
import type { PulledLevel } from '../../components/decide/pulled-level.ts';
import type { GitLab } from '../../components/gitlab/types.ts';
import type { Context } from '../../components/kernel/context.ts';
import { assertNoLinks, readTextFile } from '../../components/kernel/files.ts';
import { findFiles } from '../../components/kernel/find-files.ts';
import { defaultYamlLimits } from '../../components/kernel/yaml-limits.ts';
import { parsePinnedLevels } from '../../components/policy/pinned-level.ts';
import type { PolicyFile } from '../../components/policy/types.ts';

/** Policies that authors of merge requests cannot change, from the widest down. */
export interface LevelsAbove {
  readonly organisation: readonly PolicyFile[];
  readonly pulled: readonly PulledLevel[];
}

/** Reads those of this checkout and of pinned policy projects. @throws POLICY_LEVEL_INVALID, DECIDE_… */
export async function readLevelsAbove(
  context: Context,
  gitlab: GitLab,
  { organisation, levels }: { readonly organisation: string; readonly levels: readonly string[] },
): Promise<LevelsAbove> {
  const pinned = parsePinnedLevels(levels);
  const files = await readOrganisation(context, organisation);
  if (pinned.length === 0) return { organisation: files, pulled: [] };
  // Who only reads folders needs no client.
  const { pullLevels } = await import('../../components/decide/pulled-level.ts');
  return { organisation: files, pulled: await pullLevels(gitlab, pinned) };
}

/**
 * The policy files of a folder of this checkout, which is the trusted project's own. @throws DECIDE_ORGANISATION_MISSING: one
 * that is not there is more likely a wrong name than a wish for no policies
 */
async function readOrganisation(context: Context, folder: string): Promise<readonly PolicyFile[]> {
  const files = await readFolder(context, folder, policySuffix);
  if (files === undefined) throw errors.ORGANISATION_MISSING({ folder });
  return files;
}

/** The files of a folder of this checkout whose names end so; undefined where there is no folder. */
export async function readFolder(
  context: Context,
  folder: string,
  suffix: string,
): Promise<readonly PolicyFile[] | undefined> {
  await assertNoLinks(context, folder);
  const root = resolve(context.cwd, folder);
  const exists = await context.fs.stat(root).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!exists) return undefined;
  const { files, unreadable } = await findFiles(context, root, [`**/*${suffix}`], new Set());
  const maxBytes = defaultYamlLimits.manifest.bytes;
  const read = files.map(async (file) => {
    const path = `${folder}/${file}`;
    return { path, text: await readTextFile(context, resolve(root, file), { maxBytes, shown: path }) };
  });
  // A folder that cannot be listed may hold what forbids: it counts as a broken document.
  const broken = unreadable.map((each) => ({ path: `${folder}/${each.folder}`, text: '\u0000' }));
  return [...(await Promise.all(read)), ...broken];
}
