import type { Proposal } from './bundle.gen.ts';
import type { ChangedLines } from './changed-lines.ts';
import type { Choices } from './choices.ts';
import { ofKind } from './desk.ts';
import type { Planned } from './kind.ts';
import { kinds } from './kinds.gen.ts';

/**
 * What each proposal of a bundle would do, by lists that the applying side made itself: in order, so that limits count
 * those before. Nothing is done.
 */
export function planEffects(
  choices: Choices,
  proposals: readonly Proposal[],
  lines: ChangedLines,
): readonly Planned[] {
  const accepted: Proposal[] = [];
  return proposals.map((proposal): Planned => {
    const kind = kinds.find(({ id }) => id === proposal.kind);
    if (kind === undefined) return { ok: false, reason: 'there is no such kind of proposal' };
    const before = ofKind(accepted, proposal.kind);
    const reason = kind.refuse(choices, proposal, before);
    if (reason !== undefined) return { ok: false, reason };
    const planned = kind.plan(choices, proposal, before, lines);
    if (planned.ok) accepted.push(proposal);
    return planned;
  });
}
