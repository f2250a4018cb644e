import type { FactValues } from '../expressions/types.ts';
import { actions, type PolicyRequest } from './types.ts';

export type ReadRequest =
  | { readonly ok: true; readonly request: PolicyRequest }
  | { readonly ok: false; readonly reason: string };

/** What policies are found by, which is among the facts as well. */
const named = ['resource.kind', 'agent.name', 'agent.kind', 'agent.tier'] as const;

/** Makes a request of its facts alone, as a report keeps them and a test writes them. */
export function requestFrom(facts: FactValues): ReadRequest {
  const action = actions.find((known) => known === facts['action.name']);
  if (action === undefined) return refused(`action.name is none of: ${actions.join(', ')}`);
  const texts = named.map((name) => facts[name]);
  const at = texts.findIndex((text) => typeof text !== 'string');
  if (at >= 0) return refused(`${named[at]} is no text, and policies are found by it`);
  const [resource = '', name = '', kind = '', tier = ''] = texts as string[];
  return { ok: true, request: { action, resource, agent: { name, kind, tier }, facts } };
}

function refused(reason: string): ReadRequest {
  return { ok: false, reason };
}
