import type { PolicyRequest } from '../../../../components/policy/types.ts';
import { combine, indexed, type MeasuredEngine } from './engine.ts';
import type { MeasuredPolicy, Term } from './policy-set.ts';

type Test = (request: PolicyRequest) => boolean;

/** Plain composed closures, which check nothing: what a decision costs without a language. */
export function createClosures(
  policies: readonly MeasuredPolicy[],
  options: { readonly linear: boolean },
): MeasuredEngine<PolicyRequest, readonly MeasuredPolicy[]> {
  const rows = policies.map((policy) => [policy, { policy, test: testOf(policy) }] as const);
  const all = [rows.map(([, row]) => row)];
  const find = options.linear ? () => all : indexed(rows);
  return {
    prepare: (request) => request,
    decide: (request) => {
      const held: MeasuredPolicy[] = [];
      for (const group of find(request))
        for (const { policy, test } of group) if (test(request)) held.push(policy);
      return held;
    },
    verdict: combine,
  };
}

function testOf({ match, terms }: MeasuredPolicy): Test {
  const { names, tiers } = match.agents ?? {};
  const { actions, resources } = match;
  const tests: Test[] = [({ action }) => actions.includes(action)];
  if (names !== undefined) tests.push(({ agent }) => names.includes(agent.name));
  if (tiers !== undefined) tests.push(({ agent }) => tiers.includes(agent.tier));
  if (resources !== undefined) tests.push(({ resource }) => resources.includes(resource));
  tests.push(...terms.map(termTest));
  return (request) => {
    for (const test of tests) if (!test(request)) return false;
    return true;
  };
}

function termTest({ fact, op, value }: Term): Test {
  const compare: Readonly<Record<Term['op'], (known: unknown) => boolean>> = {
    '<': (known) => Number(known) < Number(value),
    '>=': (known) => Number(known) >= Number(value),
    '>': (known) => Number(known) > Number(value),
    '==': (known) => known === value,
    in: (known) => (value as readonly unknown[]).includes(known),
    'not in': (known) => !(value as readonly unknown[]).includes(known),
    contains: (known) => (known as readonly unknown[]).includes(value),
  };
  const holds = compare[op];
  return ({ facts }) => holds(facts[fact]);
}
