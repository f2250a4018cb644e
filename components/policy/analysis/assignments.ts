import { environments } from '../../expressions/registry.ts';
import type { Fact, FactValue, FactValues } from '../../expressions/types.ts';
import { certificationRank } from '../certification.ts';
import { exactNames, isPossible } from '../match.ts';
import { certificationLevels, type Match } from '../types.ts';

/** Combinations that are looked through for one policy; beyond them nothing is said. */
const mostOfPolicy = 50_000;

/** Finite facts that a request may lack, which is another answer than any value. */
const optional = [
  ...['agent.model_pinned', 'context.changes_policies'],
  ...['context.code_owners_approved', 'resource.risk', 'resource.environment_tier'],
];

/** What a fact can be under a match, where all of it is known: lists are not, since they may hold anything in any order. */
function valuesOf({ name, type, values, isOpen }: Fact, match: Match): readonly FactValue[] | undefined {
  if (name === 'agent.tier' && match.agents?.tiers !== undefined) return match.agents.tiers;
  if (name === 'agent.kind' && match.agents?.kinds !== undefined) return match.agents.kinds;
  if (name === 'agent.name') return exactNames(match);
  if (name === 'action.name') return values?.filter((value) => match.actions.some((one) => one === value));
  if (optional.includes(name)) return undefined;
  if (type === 'bool') return [false, true];
  return isOpen === true || type === 'list<string>' ? undefined : values;
}

/** The facts that are finite under a match, with what each can be. */
export function finiteFacts(match: Match): ReadonlyMap<string, readonly FactValue[]> {
  const facts = environments.policy.facts.flatMap((fact): [string, readonly FactValue[]][] => {
    const values = valuesOf(fact, match);
    return values === undefined ? [] : [[fact.name, values]];
  });
  return new Map(facts);
}

/**
 * Every combination of the values of some facts that a request can have, action and resource among them; undefined where they
 * are too many to look through.
 */
export function assignmentsOf(
  names: Iterable<string>,
  finite: ReadonlyMap<string, readonly FactValue[]>,
  most = mostOfPolicy,
): readonly FactValues[] | undefined {
  const all = new Set([...names, 'action.name', 'resource.kind']);
  // What follows from another fact is made of it.
  if (all.delete('agent.certification_rank')) all.add('agent.certification');
  const dimensions = [...all].map((name) => [name, finite.get(name) ?? []] as const);
  if (dimensions.reduce((product, [, values]) => product * values.length, 1) > most) return undefined;
  let rows: Record<string, FactValue>[] = [{}];
  for (const [name, values] of dimensions)
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  return rows
    .filter((row) => isPossible(String(row['action.name']), String(row['resource.kind'])))
    .map(withRank);
}

function withRank(row: FactValues): FactValues {
  const level = row['agent.certification'];
  if (level === undefined) return row;
  const known = certificationLevels.find((one) => one === level) ?? 'none';
  return { ...row, 'agent.certification_rank': certificationRank(known) };
}
