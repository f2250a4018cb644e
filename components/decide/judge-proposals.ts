import type { PolicyRequest } from '../policy/types.ts';
import type { ProposalBundle } from '../proposals/bundle.gen.ts';
import type { Effect, Planned } from '../proposals/kind.ts';
import { planEffects } from '../proposals/plan.ts';
import type { JudgedAgent } from './agent.ts';
import { askPolicies } from './ask-policies.ts';
import type { JudgedBundle, Judging } from './judging.ts';
import type { ProposalDecision } from './report.gen.ts';
import { proposeRequest, type Surroundings } from './requests.ts';
import { verdictOf } from './verdict.ts';

/** Judges each proposal of a bundle that belongs here, and says which of its agent's older threads are over. */
export function judgeProposals(
  judging: Judging,
  source: string,
  digest: string,
  bundle: ProposalBundle,
  agent: JudgedAgent,
): JudgedBundle {
  // What ran is what is asked about: bytes that differ from the target branch's are a changed agent's.
  const ran = { ...agent, changed: agent.changed || bundle.agent.digest !== agent.digest };
  const planned = planEffects(agent.choices, bundle.proposals, judging.lines);
  const judged = bundle.proposals.map(({ kind }, index) => {
    const plan = planned[index] ?? { ok: false, reason: 'it is not planned' };
    const environment = plan.ok && 'environment' in plan.effect ? plan.effect.environment : undefined;
    return judgeOne(judging, kind, plan, (known) => proposeRequest(ran, kind, bundle, known, environment));
  });
  const effects = planned.map((plan, index) =>
    plan.ok && judged[index]?.verdict === 'allowed' ? plan.effect : undefined,
  );
  const verdict = verdictOf(judged.map((one) => one.verdict));
  // What is proposed and not taken is not gone: then none of its kind is resolved.
  const isTaken = (kind: string) =>
    judged.every((one) => one.kind !== kind || one.verdict === 'allowed' || one.verdict === 'open');
  const mayResolve = (kind: 'thread' | 'suggestion') => {
    if (agent.choices[kind] === undefined || judging.against(kind) !== undefined || !isTaken(kind))
      return false;
    const { verdict: asked } = askPolicies(judging, (known) => proposeRequest(ran, kind, bundle, known));
    return asked === 'allowed' || asked === 'open';
  };
  // What was cut off or is not done may still propose what it has not proposed yet.
  const resolves = bundle.complete === true ? (['thread', 'suggestion'] as const).filter(mayResolve) : [];
  const decision = {
    ...{ source, digest, agent: agent.profile.name, verdict, reasons: [], proposals: judged },
    ...(resolves.length === 0 ? {} : { resolves: true as const }),
  };
  return { decision, effects, bundle, agent, resolves };
}

function judgeOne(
  judging: Judging,
  kind: Effect['kind'],
  plan: Planned,
  request: (around: Surroundings) => PolicyRequest,
): ProposalDecision {
  if (!plan.ok) {
    return {
      ...{ kind, what: '', verdict: 'denied', reasons: [plan.reason] },
      ...{ policies: [], warnings: [], neutralised: 0 },
    };
  }
  const asked = askPolicies(judging, request);
  const { effect } = plan;
  const reason = judging.against(kind, 'environment' in effect ? effect.environment : undefined);
  return {
    ...{ kind, what: whatOf(effect), neutralised: plan.neutralised, ...asked },
    verdict: reason === undefined ? asked.verdict : 'denied',
    reasons: reason === undefined ? asked.reasons : [...asked.reasons, reason],
  };
}

function whatOf(effect: Effect): string {
  switch (effect.kind) {
    case 'note':
      return effect.topic;
    case 'label':
      return effect.label;
    case 'commit':
    case 'issue':
      return effect.title;
    case 'status':
      return `${effect.name} ${effect.state}: ${effect.description}`;
    case 'environment-stop':
      return `${effect.environment}: ${effect.reason}`;
    default:
      return `${effect.topic}, ${effect.place.newPath}:${effect.place.newLine}`;
  }
}
