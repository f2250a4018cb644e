import { Environment } from '@marcbachmann/cel-js';
import { type FactTable, groupOf } from './environment.ts';
import { shapeLimits } from './limits.ts';
import type { Node } from './tree.ts';
import type { Fact, FactType } from './types.ts';

/** What the library says is wrong with a text: its code, its sentence, and where. */
export interface Complaint {
  readonly code: string;
  readonly summary: string;
  readonly start: number;
  readonly end: number;
}

export type Parsed =
  | { readonly ok: true; readonly root: Node; readonly check: () => Complaint | { readonly type: string } }
  | { readonly ok: false; readonly complaint: Complaint };

/** Parses and type checks over the facts of one environment; both stop at the first mistake. */
export type Parse = (source: string) => Parsed;

/** Makes the parser and type checker of an environment. */
export function createParse({ facts }: FactTable): Parse {
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits: shapeLimits });
  for (const [name, type] of Object.entries(variablesOf(facts))) {
    environment.registerVariable(typeof type === 'string' ? { name, type } : { name, schema: type });
  }
  for (const op of ['+', '-', '*', '/']) {
    environment.registerOperator(`int ${op} double: double`, typeOnly);
    environment.registerOperator(`double ${op} int: double`, typeOnly);
  }
  // Gives both orders, and `!=` with them; the four orderings are there already.
  environment.registerOperator('int == double', typeOnly);
  return (source) => parse(environment, source);
}

function parse(environment: Environment, source: string): Parsed {
  try {
    const parsed = environment.parse(source);
    const check = () => {
      const { valid, type, error } = parsed.check();
      return valid && type !== undefined ? { type } : complaintOf(error, source);
    };
    return { ok: true, root: parsed.ast, check };
  } catch (error) {
    return { ok: false, complaint: complaintOf(error, source) };
  }
}

// The library needs a handler to know the types by; step.ts is what runs.
function typeOnly(): never {
  throw new TypeError('expressions are evaluated by step.ts');
}

const celTypes: Readonly<Record<FactType, string>> = {
  string: 'string',
  bool: 'bool',
  int: 'int',
  double: 'double',
  'list<string>': 'list<string>',
  json: 'dyn',
};

function variablesOf(facts: readonly Fact[]): Record<string, string | Record<string, string>> {
  const variables: Record<string, string | Record<string, string>> = {};
  for (const { name, type } of facts) {
    const group = groupOf(name);
    if (group === undefined) {
      variables[name] = celTypes[type];
      continue;
    }
    const members = variables[group];
    const member = { [name.slice(group.length + 1)]: celTypes[type] };
    variables[group] = typeof members === 'object' ? { ...members, ...member } : member;
  }
  return variables;
}

// Any error counts, also one the library did not mean to throw, such as a full stack.
function complaintOf(error: unknown, source: string): Complaint {
  const { code, summary, range } = (error ?? {}) as Partial<{
    code: string;
    summary: string;
    range: { readonly start: number; readonly end: number };
  }>;
  return {
    code: code ?? 'unknown',
    summary: summary ?? 'this cannot be read',
    start: range?.start ?? 0,
    end: range?.end ?? source.length,
  };
}
