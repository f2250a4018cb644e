import type { FactValues } from '../expressions/types.ts';
import { whyUnpinned } from '../manifest/models-pinned.ts';
import { certificationRank } from '../policy/certification.ts';
import { resourceOfAction } from '../policy/match.ts';
import { timeFacts } from '../policy/time-facts.ts';
import type { CertificationLevel, PolicyRequest } from '../policy/types.ts';
import type { ProposalBundle } from '../proposals/bundle.gen.ts';
import type { SoFar, Step } from '../session/types.ts';
import type { JudgedAgent } from './agent.ts';
import type { RecordedFacts } from './report.gen.ts';

/** What is around a request: facts of the merge request, and where it is judged. */
export interface Surroundings {
  readonly place: 'merge-request' | 'trusted' | 'branch';
  /** Full path of the project that effects land in. */
  readonly project: string;
  readonly fork: boolean;
  /** Number of the merge request and the branch it is to be merged into. */
  readonly mergeRequest: { readonly iid: number; readonly targetBranch: string } | undefined;
  /** Whether it changes files of policies; undefined where nobody looks. */
  readonly changesPolicies: boolean | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Of the present head, by people who are neither author nor starter; undefined where it cannot be known. */
  readonly approvals: number | undefined;
  /** Tier of an environment of the project, where it has it; undefined where nobody looks. */
  readonly environmentTier?: (name: string) => string | undefined;
  /** A level that is taken for the manifest's own: what a certificate that cannot be seen here might give it. */
  readonly certified?: CertificationLevel;
  /** Classes of data that may be met, and regions of models by provider: the operator's word, where there is one. */
  readonly dataClasses?: readonly string[] | undefined;
  readonly regions?: ReadonlyMap<string, string>;
  /** Whether owners of all changed files approved the present head; undefined where it cannot be known. */
  readonly codeOwnersApproved?: boolean | undefined;
}

/** Whether a manifest may run. */
export function runRequest(agent: JudgedAgent, around: Surroundings): PolicyRequest {
  return requestOf('run', 'manifest', agent, around, {});
}

/** Whether an agent may propose a kind of effect. */
export function proposeRequest(
  agent: JudgedAgent,
  kind: string,
  { usage, sources, proposals }: ProposalBundle,
  around: Surroundings,
  /** What it is about, where that is an environment. */
  environment?: string,
): PolicyRequest {
  const request = requestOf('propose', kind, agent, around, {
    'resource.environment': environment,
    'resource.environment_tier':
      environment === undefined ? undefined : around.environmentTier?.(environment),
    'context.cost_usd': usage.costUsd,
    'context.tokens': usage.tokens,
    'context.iterations': usage.iterations,
    'context.confidence': usage.confidence,
    'context.sources': sources,
    'context.proposals': proposals.length,
  });
  return environment === undefined ? request : { ...request, environment };
}

/** Whether a session may do what it is about to. */
export function stepRequest(
  agent: JudgedAgent,
  step: Step,
  soFar: SoFar,
  around: Surroundings,
): PolicyRequest {
  return requestOf(step.action, resourceOfAction(step.action) ?? 'manifest', agent, around, {
    ...factsOfStep(step, around),
    'context.cost_usd': Number(soFar.costPicoUsd) / 1e12,
    'context.tokens': soFar.tokens,
    'context.iterations': soFar.iterations,
    'context.confidence': soFar.confidence,
    'context.sources': soFar.sources,
    'context.proposals': soFar.proposals,
  });
}

function factsOfStep(step: Step, { regions }: Surroundings): FactValues {
  switch (step.action) {
    case 'call_tool':
      return {
        'resource.tool': step.tool,
        'resource.tool_kind': step.kind,
        'resource.risk': step.risk,
        'resource.permission': step.permission,
      };
    case 'use_model':
      return {
        'resource.provider': step.provider,
        'resource.model': step.model,
        'resource.region': regions?.get(step.provider),
      };
    case 'delegate':
      return {
        'resource.subagent': step.subagent,
        'resource.subagent_kind': step.kind,
        'resource.subagent_tools': step.tools,
        'resource.depth': 1,
        'resource.provider': step.provider,
        'resource.model': step.model,
      };
    default:
      return {};
  }
}

function requestOf(
  action: PolicyRequest['action'],
  resource: string,
  { path, profile, changed, ...agent }: JudgedAgent,
  around: Surroundings,
  more: FactValues,
): PolicyRequest {
  const { name, kind, version, tier, role, duties, type, owner, labels, provider, model, permissions } =
    profile;
  const certification = around.certified ?? agent.certification;
  const { maxTokensPerDay, maxTokensPerRequest, maxCostPerDay } = profile;
  const budgets = [maxTokensPerDay, maxTokensPerRequest, maxCostPerDay];
  return {
    ...{ action, resource, agent: { name, kind, tier } },
    facts: {
      'action.name': action,
      'agent.name': name,
      'agent.kind': kind,
      'agent.version': version,
      'agent.path': path,
      'agent.tier': tier,
      'agent.role': role,
      'agent.duties': duties,
      'agent.type': type,
      'agent.owner': owner,
      'agent.labels': labels,
      'agent.provider': provider,
      'agent.model': model,
      'agent.model_pinned': model === undefined ? undefined : whyUnpinned(provider, model) === undefined,
      'agent.permissions': permissions,
      'agent.certification': certification,
      'agent.certification_rank': certificationRank(certification),
      'agent.changed': changed,
      'agent.has_budget': budgets.some((budget) => budget !== undefined),
      'agent.max_tokens_per_day': wholeOrNothing(maxTokensPerDay),
      'agent.max_cost_per_day_usd': maxCostPerDay,
      'agent.image_pinned': profile.imagesPinned,
      'agent.data_classes': profile.dataClasses,
      'agent.region': profile.region,
      'resource.kind': resource,
      'resource.project': around.project,
      'resource.merge_request': around.mergeRequest?.iid,
      'resource.target_branch': around.mergeRequest?.targetBranch,
      'context.place': around.place,
      'context.fork': around.fork,
      'context.approvals': around.approvals,
      'context.changes_policies': around.changesPolicies,
      'context.data_classes': around.dataClasses,
      'context.code_owners_approved': around.codeOwnersApproved,
      ...timeFacts(around.now),
      ...more,
    },
  };
}

// A fraction of a token is a mistake of the manifest, and no fact.
function wholeOrNothing(value: number | undefined): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The facts of a request as a report keeps them, so that it can be decided again; those that are absent are left out. */
export function recordFacts(facts: FactValues): RecordedFacts {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]): [string, RecordedFacts[string]][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? [...value] : (value as string)]],
    ),
  );
}
