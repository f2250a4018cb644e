import type { JsonValue } from '../kernel/canonical.ts';
import { cut } from '../kernel/schema-terms.ts';
import type { ProposalDesk } from '../proposals/types.ts';
import type { AgentState } from './agent-state.ts';

/** What becomes of the wish for a person: an issue that is proposed, or why there is none. */
export type Escalation =
  | { readonly ok: true; readonly proposal: JsonValue }
  | { readonly ok: false; readonly why: string };

/**
 * Proposes an issue for a session that wants a person. It counts against the manifest's limit like any other, and one of
 * an agent that may propose none is not made: what is done is the deciding side's all the same.
 */
export function escalate(
  desk: ProposalDesk,
  { session, name, reason }: { readonly session: string; readonly name: string; readonly reason: string },
  { report, iterations, proposals }: AgentState,
): Escalation {
  if (!desk.tools.some((tool) => tool.name === 'propose_issue'))
    return { ok: false, why: 'the manifest names no issues in `extensions.pipewright.proposals`' };
  const lines = [
    `The agent **${name}** asks a person to decide: ${reason}.`,
    ...(report?.nextAction === undefined ? [] : [`What it would do next: ${report.nextAction}`]),
    `It has had ${iterations} iterations in session \`${session}\`, which \`pipewright sessions show\` tells and \`answer\` goes on with.`,
  ];
  const input = { title: cut(`${name} asks a person to decide`, 200), body: cut(lines.join('\n\n'), 8_000) };
  const answer = desk.take('propose_issue', input, proposals);
  return answer.ok ? answer : { ok: false, why: answer.said };
}
