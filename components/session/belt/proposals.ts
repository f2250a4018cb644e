import type { ProposalDesk } from '../../proposals/types.ts';
import { namesOfProposal } from '../call-names.ts';
import type { AgentManifest } from '../types.ts';
import { askPerson, refuse } from './refusals.ts';
import type { Call, Outcome, Pouch } from './types.ts';

/** The tools by which an agent proposes: what the desk takes is written down, and nothing is done. */
export function createProposals(manifest: AgentManifest, desk: ProposalDesk): Pouch {
  const propose = async (call: Call): Promise<Outcome> => {
    const { name, input, before } = call;
    const names = namesOfProposal(name);
    const refused = refuse(manifest, call, names);
    if (refused !== undefined) return refused;
    const answer = desk.take(name, input, before.taken);
    if (!answer.ok) return { text: answer.said, failed: true };
    const waits = await askPerson(manifest, call, names, undefined);
    return waits ?? { text: answer.said, failed: false, proposal: answer.proposal };
  };
  return {
    descriptions: desk.tools,
    find: (name) => (desk.tools.some((each) => each.name === name) ? propose : undefined),
  };
}
