import type { ProposalBundle } from '../proposals/bundle.gen.ts';
import type { ParsedBundle } from '../proposals/bundle.ts';
import { digestChoices } from '../proposals/choices.ts';
import type { JudgedAgent, ReadAgentResult } from './agent.ts';
import { askPolicies } from './ask-policies.ts';
import { judgeProposals } from './judge-proposals.ts';
import type { JudgedBundle, Judging, Target } from './judging.ts';
import type { AgentDecision, Verdict } from './report.gen.ts';
import { runRequest } from './requests.ts';

/** Judges whether a manifest may run. */
export function judgeAgent(judging: Judging, path: string, read: ReadAgentResult): AgentDecision {
  if (!read.ok) return { path, verdict: 'undecided', reasons: [read.reason], policies: [], warnings: [] };
  return { path, ...askPolicies(judging, (known) => runRequest(read.agent, known)) };
}

/**
 * Judges a bundle. What cannot be read leaves it undecided; what does not belong here, or was chosen from other lists than
 * ours, denies it as a whole; else each proposal has its own verdict.
 */
export function judgeBundle(
  judging: Judging,
  source: string,
  parsed: ParsedBundle,
  agentAt: ((path: string) => ReadAgentResult | undefined) | undefined,
): JudgedBundle {
  const { digest } = parsed;
  const whole = (verdict: Verdict, reasons: readonly string[], agent?: string): JudgedBundle => ({
    decision: {
      ...{ source, digest, verdict, reasons: [...reasons], proposals: [] },
      ...(agent === undefined ? {} : { agent }),
    },
    effects: [],
    bundle: undefined,
    agent: undefined,
    resolves: [],
  });
  if (!parsed.ok) return whole('undecided', parsed.reasons);
  const { bundle } = parsed;
  const foreign = whyForeign(bundle, judging.target);
  if (foreign.length > 0) return whole('denied', foreign);
  const read = agentAt?.(bundle.agent.path);
  if (read === undefined)
    return whole('denied', [
      'its agent is no manifest on the target branch; an agent that a merge request adds proposes nothing',
    ]);
  if (!read.ok) return whole('undecided', [read.reason]);
  const { agent } = read;
  const other = whyOther(bundle, agent);
  if (other !== undefined) return whole('denied', [other], agent.profile.name);
  return judgeProposals(judging, source, digest, bundle, agent);
}

function whyForeign({ target }: ProposalBundle, ours: Target | undefined): string[] {
  if (target === null) return ['it is for no merge request'];
  if (ours === undefined) return ['it is for a merge request, and this is none'];
  const reasons: string[] = [];
  if (target.project !== ours.project || target.mergeRequest !== ours.mergeRequest)
    reasons.push('it was made for another merge request');
  if (target.head !== ours.head) reasons.push('it was made for another commit than the present head');
  return reasons;
}

/** A changed manifest is a policy's business; other lists are ours: their indices would mean something else. */
function whyOther(bundle: ProposalBundle, agent: JudgedAgent): string | undefined {
  if (bundle.agent.name !== agent.profile.name) return 'its agent has another name than the manifest';
  if (bundle.choices !== digestChoices(agent.choices))
    return 'it chose from other lists than those of the manifest on the target branch';
  return undefined;
}
