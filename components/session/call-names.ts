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

const proposals = [
  'note',
  'label',
  'issue',
  'thread',
  'suggestion',
] as const satisfies readonly ProposalKind[];

/** All names that a call of a session can have. */
export function namesOfCalls(tools: readonly KnownTool[]): readonly string[] {
  const all = [
    ...tools.flatMap(namesOfTool),
    ...proposals.flatMap((kind) => namesOfProposal(`propose_${kind}`)),
  ];
  return [...new Set(all)].sort();
}
