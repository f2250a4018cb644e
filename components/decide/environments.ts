import { type Environment, listEnvironments, stopEnvironment } from '../gitlab/endpoints/environments.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { JudgedAgent } from './agent.ts';
import type { FoundBundle } from './found-bundle.ts';
import type { Receipt } from './report.gen.ts';

/** Tiers of environments by name: of those that are proposed to be stopped, and that the project has. */
export type EnvironmentTiers = ReadonlyMap<string, string>;

/** Names that bundles choose, each out of the list of its agent's manifest; no text of a proposal is one. */
export function stoppedNames(
  found: readonly FoundBundle[],
  agentAt: (path: string) => JudgedAgent | undefined,
): readonly string[] {
  const names = found.flatMap(({ parsed }) => {
    if (!parsed.ok) return [];
    const allowed = agentAt(parsed.bundle.agent.path)?.choices['environment-stop']?.environments ?? [];
    return parsed.bundle.proposals.flatMap((one) =>
      one.kind === 'environment-stop' ? (allowed[one.environment] ?? []) : [],
    );
  });
  return [...new Set(names)];
}

/** Asks GitLab for their tiers. One without a tier has none here either, so that policies that ask for it deny. */
export async function readTiers(
  gitlab: GitLab,
  project: number,
  names: readonly string[],
): Promise<EnvironmentTiers> {
  const tiers = new Map<string, string>();
  for (const name of names) {
    const tier = (await findEnvironment(gitlab, project, name))?.tier;
    if (tier !== undefined) tiers.set(name, tier);
  }
  return tiers;
}

/** Policies ask for its tier; that there is none is said in plain words, too. */
export function whyNoEnvironment(
  name: string | undefined,
  tierOf: ((name: string) => string | undefined) | undefined,
): string | undefined {
  if (name === undefined || tierOf?.(name) !== undefined) return undefined;
  return `the project has no environment ${name}`;
}

/** Stops it where it runs and is still of the tier that was decided about. Its `on_stop` job runs with this account's rights. */
export async function convergeStop(
  gitlab: GitLab,
  project: number,
  { name, tier }: { readonly name: string; readonly tier: string | undefined },
): Promise<Receipt> {
  const found = await findEnvironment(gitlab, project, name);
  if (found === undefined) return { done: 'failed', reason: `the project has no environment ${name}` };
  if (found.tier !== tier) return { done: 'not done', reason: 'its tier has changed since it was decided' };
  if (found.state !== 'available') return { done: 'unchanged', id: found.id };
  await stopEnvironment(gitlab, { project, environment: found.id });
  return { done: 'updated', id: found.id };
}

async function findEnvironment(
  gitlab: GitLab,
  project: number,
  name: string,
): Promise<Environment | undefined> {
  return (await listEnvironments(gitlab, { project, name })).find((one) => one.name === name);
}
