import type { PolicyRequest } from '../../../../components/policy/types.ts';
import type { MeasuredPolicy } from './policy-set.ts';

/** What all engines must agree on. */
export interface Verdict {
  readonly allowed: boolean;
  /** All policies that decided, sorted: of a denial the forbids, else the permits. */
  readonly ids: readonly string[];
}

/** An engine that was given a set of policies; `prepare` turns a request into what it takes, which is not timed. */
export interface MeasuredEngine<Input = unknown, Result = unknown> {
  prepare(request: PolicyRequest): Input;
  decide(input: Input): Result;
  verdict(result: Result): Verdict;
}

/** Finds the policies for all agents and those for the request's, by action and name: the same index for every peer. */
export function indexed<T>(
  policies: readonly (readonly [MeasuredPolicy, T])[],
): (request: PolicyRequest) => readonly (readonly T[])[] {
  const rows = new Map<string, T[]>();
  for (const [{ match }, value] of policies)
    for (const action of match.actions)
      for (const name of match.agents?.names ?? ['']) {
        const key = `${action} ${name}`;
        rows.set(key, [...(rows.get(key) ?? []), value]);
      }
  return ({ action, agent }) => [rows.get(`${action} `) ?? [], rows.get(`${action} ${agent.name}`) ?? []];
}

/** Deny-overrides over what held, as the peers without policies of their own do it. */
export function combine(held: readonly MeasuredPolicy[]): Verdict {
  const forbids = held.filter(({ effect }) => effect === 'forbid');
  const allowed = forbids.length === 0 && held.length > 0;
  return { allowed, ids: (allowed ? held : forbids).map(({ name }) => name).sort() };
}
