import type { ExpressionEnvironment, Fact } from './types.ts';

/**
 * Declares what the expressions of one use may see. A name is one word, or a group and a word (`agent.tier`), and no
 * word is a fact and a group at once; a table that breaks this is our bug and throws a TypeError.
 */
export function defineEnvironment(environment: ExpressionEnvironment): ExpressionEnvironment {
  const names = new Set<string>();
  for (const { name } of environment.facts) {
    if (!/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?$/.test(name))
      throw new TypeError(`no name of a fact: ${name}`);
    if (names.has(name)) throw new TypeError(`the fact ${name} is there twice`);
    names.add(name);
  }
  for (const name of names) {
    if (names.has(groupOf(name) ?? '')) throw new TypeError(`${groupOf(name)} is a fact and a group`);
  }
  return environment;
}

/** The facts of an environment as compiler and values look them up. */
export interface FactTable {
  readonly environment: ExpressionEnvironment;
  readonly facts: readonly Fact[];
  /** Where a fact stands in `facts` and among checked values. */
  readonly slots: ReadonlyMap<string, number>;
  readonly groups: ReadonlySet<string>;
}

/** Numbers the facts of an environment. */
export function tableOf(environment: ExpressionEnvironment): FactTable {
  const { facts } = environment;
  const groups = facts.map((fact) => groupOf(fact.name)).filter((group) => group !== undefined);
  return {
    environment,
    facts,
    slots: new Map(facts.map((fact, slot) => [fact.name, slot])),
    groups: new Set(groups),
  };
}

/** `agent` of `agent.tier`; undefined for a name of one word. */
export function groupOf(name: string): string | undefined {
  const dot = name.indexOf('.');
  return dot < 0 ? undefined : name.slice(0, dot);
}
