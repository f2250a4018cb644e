import type { PolicyEngine, PolicyRequest } from '../policy/types.ts';
import type { ProposalBundle } from '../proposals/bundle.gen.ts';
import type { ParsedBundle } from '../proposals/bundle.ts';
import type { ChangedLines } from '../proposals/changed-lines.ts';
import { digestChoices } from '../proposals/choices.ts';
import type { Effect, Planned } from '../proposals/kind.ts';
import { planEffects } from '../proposals/plan.ts';
import type { JudgedAgent, ReadAgentResult } from './agent.ts';
import type { AgentDecision, BundleDecision, ProposalDecision, Verdict } from './report.gen.ts';
import { proposeRequest, recordFacts, runRequest, type Surroundings } from './requests.ts';

/** The merge request that is decided about, as the deciding side knows it. */
export interface Target {
  readonly project: number;
  readonly mergeRequest: number;
  readonly head: string;
  /** Of a pipeline of merged results the commit of the target branch that the head was merged with. */
  readonly targetHead?: string;
}

export interface Judging {
  readonly engine: PolicyEngine;
  readonly around: Surroundings;
  readonly target: Target | undefined;
  /** Whether this is advice, and a trusted project decides later, which sees more. */
  readonly decidedElsewhere: boolean;
  /** Levels whose policies cannot be read here: each could deny what the others allow. */
  readonly unread: readonly string[];
  /** Lines that the merge request adds or changes. */
  readonly lines: ChangedLines;
  /** More that stands against a kind of effect, such as the rights of who started the pipeline, or that there is no such environment. */
  readonly against: (kind: Effect['kind'], environment?: string) => string | undefined;
}

/** A decided bundle with the effects of what is allowed, by place of its proposals. */
export interface JudgedBundle {
  readonly decision: BundleDecision;
  readonly effects: readonly (Effect | undefined)[];
  readonly bundle: ProposalBundle | undefined;
  readonly agent: JudgedAgent | undefined;
  /** Kinds whose older threads of the agent are resolved where it does not propose them any more. */
  readonly resolves: readonly ('thread' | 'suggestion')[];
}

/** Judges whether a manifest may run. */
export function judgeAgent(judging: Judging, path: string, read: ReadAgentResult): AgentDecision {
  if (!read.ok) return { path, verdict: 'undecided', reasons: [read.reason], policies: [], warnings: [] };
  return { path, ...ask(judging, (known) => runRequest(read.agent, known)) };
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

function judgeProposals(
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
    const { verdict: asked } = ask(judging, (known) => proposeRequest(ran, kind, bundle, known));
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
  const asked = ask(judging, request);
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

type Asked = Pick<AgentDecision, 'verdict' | 'reasons' | 'policies' | 'warnings' | 'facts'>;

/** More approvals than any policy asks for. */
const plenty = 1_000;

/**
 * Asks the policies. What only approvals or certificates that cannot be seen here could still allow is not denied: it is
 * open where a trusted project decides, which sees them, and undecided where there is none. An approval starts no pipeline,
 * so whoever reads this must know what is missing.
 */
function ask(
  {
    engine,
    around,
    decidedElsewhere,
    unread,
  }: Pick<Judging, 'engine' | 'around' | 'decidedElsewhere' | 'unread'>,
  request: (around: Surroundings) => PolicyRequest,
): Asked {
  const asked = request(around);
  const { effect, policies, warnings } = engine.decide(asked);
  const rows = {
    facts: recordFacts(asked.facts),
    policies: policies.map((row) => ({ ...row })),
    warnings: warnings.map((row) => ({ ...row })),
  };
  const verdict = decidedElsewhere ? 'open' : 'undecided';
  // A level can only narrow: what the others deny is denied, whatever those say that cannot be read.
  const hidden = unread.map((level) => `it depends on level ${level}, whose policies cannot be read here`);
  if (effect === 'allow' && hidden.length > 0) return { verdict, reasons: hidden, ...rows };
  if (effect === 'allow') return { verdict: 'allowed', reasons: [], ...rows };
  const missing = whatIsMissing(around, decidedElsewhere, (known) => engine.decide(request(known)).effect);
  if (missing === undefined) return { verdict: 'denied', reasons: [], ...rows };
  const reason = `it depends on ${missing}, which only the deciding side sees`;
  return { verdict, reasons: [reason, ...hidden], ...rows };
}

/** What would turn a denial, if that is nothing but what cannot be seen here. */
function whatIsMissing(
  around: Surroundings,
  decidedElsewhere: boolean,
  effectWith: (known: Surroundings) => 'allow' | 'deny',
): string | undefined {
  const approved =
    around.approvals === undefined ? { approvals: plenty, codeOwnersApproved: true } : undefined;
  const certified = decidedElsewhere ? { certified: 'gold' as const } : undefined;
  // Which tier an environment has only GitLab knows: of the tiers one is taken that stops nobody.
  const known = {
    ...around,
    ...((around.environmentTier ?? !decidedElsewhere) ? {} : { environmentTier: () => 'other' }),
  };
  const tries: readonly (readonly [string, Surroundings | undefined])[] = [
    ['the tier of its environment', known.environmentTier === around.environmentTier ? undefined : known],
    ['approvals', approved && { ...known, ...approved }],
    ['certificates', certified && { ...known, ...certified }],
    ['approvals and certificates', approved && certified && { ...known, ...approved, ...certified }],
  ];
  return tries.find(([, more]) => more !== undefined && effectWith(more) === 'allow')?.[0];
}

/** Of several: what could not be decided outweighs a denial, since nobody knows what it would have been; what is open, nothing. */
export function verdictOf(verdicts: readonly Verdict[]): Verdict {
  for (const verdict of ['undecided', 'denied', 'open', 'allowed'] as const)
    if (verdicts.includes(verdict)) return verdict;
  return 'nothing';
}
