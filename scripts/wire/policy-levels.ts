import { policySuffix } from '../../components/decide/asked.ts';
import type { Context } from '../../components/kernel/context.ts';
import { readTextFile } from '../../components/kernel/files.ts';
import { largestBundle, parseBundle } from '../../components/policy/bundle/bundle.ts';
import { readDefaultLevel } from '../../components/policy/default.ts';
import { errors } from '../../components/policy/errors.ts';
import { parseNamedLevels } from '../../components/policy/named-level.ts';
import { parsePolicies } from '../../components/policy/parse.ts';
import type { ParsedLevel, PolicyFile } from '../../components/policy/types.ts';
import { readFolder } from './apply-policies.ts';
import type { PolicyInputs } from './policy-inputs.ts';

/** The levels that a command looks at, the widest first; the last is that of `--policies`. */
export interface Levels {
  readonly all: readonly ParsedLevel[];
  readonly own: ParsedLevel;
  readonly files: readonly PolicyFile[];
}

/**
 * Reads ours, those of the organisation and of further levels where they are given, and the policies themselves; where those may be none, ours can be all
 * there is, as of a project without policies. @throws POLICY_…
 */
export async function readLevels(
  context: Context,
  {
    policies,
    level,
    organisation,
    levels,
  }: Pick<PolicyInputs, 'policies' | 'level' | 'organisation' | 'levels'>,
  mayBeNone = false,
): Promise<Levels> {
  if (level === 'organisation' && organisation !== '') throw errors.LEVEL_TWICE(undefined);
  const ours = await readDefaultLevel();
  const above = [ours];
  if (organisation !== '')
    above.push(await parsePolicies('organisation', await readSome(context, organisation)));
  const named = parseNamedLevels(levels);
  if (level === 'organisation' && named.length > 0) throw errors.LEVELS_BELOW(undefined);
  for (const { name, from } of named) above.push(await parsePolicies(name, await readSome(context, from)));
  const files = await readPolicies(context, policies);
  if (files.length === 0 && !mayBeNone) throw errors.NONE({ folder: policies });
  if (files.length === 0) return { all: above, own: ours, files };
  const own = await parsePolicies(level, files);
  return { all: [...above, own], own, files };
}

/** One that was named and holds none is more likely a wrong name. */
async function readSome(context: Context, from: string): Promise<readonly PolicyFile[]> {
  const files = await readPolicies(context, from);
  if (files.length === 0) throw errors.NONE({ folder: from });
  return files;
}

/** The policy files of a folder or of a bundle. @throws POLICY_BUNDLE_INVALID, POLICY_BUNDLE_DIGEST, FILE_… */
async function readPolicies(context: Context, from: string): Promise<readonly PolicyFile[]> {
  if (from.endsWith('.json')) {
    const text = await readTextFile(context, from, { maxBytes: largestBundle });
    return parseBundle(from, text).files.map(({ path, text }) => ({ path: `${from}/${path}`, text }));
  }
  return (await readFolder(context, from.replace(/\/+$/, ''), policySuffix)) ?? [];
}
