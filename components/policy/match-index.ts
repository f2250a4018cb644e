import { exactNames } from './match.ts';
import type { Match, PolicyRequest } from './types.ts';

/** What the index finds: anything with a match and an effect. */
export interface Findable {
  readonly effect: 'permit' | 'forbid';
  readonly match: Match;
}

/** Policies that may be about a request, by effect. */
export interface Candidates<T> {
  readonly forbids: readonly T[];
  readonly permits: readonly T[];
}

/** Finds the policies that may be about a request: those for all agents, then those that name its agent. */
export type MatchIndex<T> = (request: PolicyRequest) => readonly Candidates<T>[];

interface Cell<T> {
  readonly everyone: readonly Candidates<T>[];
  readonly byName: ReadonlyMap<string, readonly Candidates<T>[]>;
}

/** Stands for every resource that no policy names. */
const otherResources = Symbol('other resources');

/**
 * Makes the index: by action and resource, then by the agent's name. A request looks at the policies for all agents of
 * its action and resource and at those that name its agent, however many there are for others.
 */
export function buildMatchIndex<T extends Findable>(policies: readonly T[]): MatchIndex<T> {
  const resources = new Set(policies.flatMap(({ match }) => match.resources ?? []));
  const actions = new Map<string, ReadonlyMap<string | symbol, Cell<T>>>();
  for (const action of new Set(policies.flatMap(({ match }) => match.actions))) {
    const own = policies.filter(({ match }) => match.actions.includes(action));
    const cells = [...resources, otherResources].map(
      (resource) => [resource, cellOf(own, resource)] as const,
    );
    actions.set(action, new Map(cells));
  }
  return ({ action, resource, agent }) => {
    const cells = actions.get(action);
    const cell = cells?.get(resource) ?? cells?.get(otherResources);
    return cell === undefined ? [] : (cell.byName.get(agent.name) ?? cell.everyone);
  };
}

function cellOf<T extends Findable>(policies: readonly T[], resource: string | symbol): Cell<T> {
  const everyone: T[] = [];
  const byName = new Map<string, T[]>();
  for (const policy of policies) {
    const { resources } = policy.match;
    if (resources !== undefined && !resources.some((name) => name === resource)) continue;
    const names = exactNames(policy.match);
    if (names === undefined) everyone.push(policy);
    for (const name of names ?? []) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [policy]);
      else known.push(policy);
    }
  }
  const general = byEffect(everyone);
  const named = [...byName].map(([name, own]) => [name, [general, byEffect(own)]] as const);
  return { everyone: [general], byName: new Map(named) };
}

function byEffect<T extends Findable>(policies: readonly T[]): Candidates<T> {
  return {
    forbids: policies.filter(({ effect }) => effect === 'forbid'),
    permits: policies.filter(({ effect }) => effect === 'permit'),
  };
}
