import type { ProposalKind } from '../proposals/types.ts';
import type { Tool } from '../tools/types.ts';
import { spelled } from './read-oversight.ts';

/** Of a tool what a manifest may name. */
export type KnownTool = Pick<Tool, 'id' | 'permission'>;

/** The names that a manifest can mean a call of a tool by, with `_`. */
export function namesOfTool({ id, permission }: KnownTool): readonly string[] {
  return [spelled(id), permission, 'call_tool'];
}

/** Those of a proposal, by the name that its tool has for the model: `propose_note`. */
export function namesOfProposal(tool: string): readonly string[] {
  return [tool, tool.replace(/^propose_/, ''), 'propose'];
}

/** Every kind, or the compiler says which is missing: a name that is not known here would be blocked by no manifest. */
const kinds: Readonly<Record<ProposalKind, true>> = {
  ...{ note: true, label: true, issue: true, thread: true, suggestion: true },
  ...{ commit: true, status: true, 'environment-stop': true },
};

/** Those of a task for a subagent. */
export function namesOfDelegation(subagent: string): readonly string[] {
  return ['delegate', `delegate_${spelled(subagent)}`];
}

/** All names that a call of a session can have. */
export function namesOfCalls(
  tools: readonly KnownTool[],
  subagents: readonly string[] = [],
): readonly string[] {
  const all = [
    ...tools.flatMap(namesOfTool),
    ...subagents.flatMap(namesOfDelegation),
    ...Object.keys(kinds).flatMap((kind) => namesOfProposal(`propose_${spelled(kind)}`)),
  ];
  return [...new Set(all)].sort();
}
