import type { User } from '../gitlab/endpoints/user.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { Context } from '../kernel/context.ts';
import type { Finding } from '../kernel/finding.ts';
import type { PolicyFile } from '../policy/types.ts';
import type { ChangedLines } from '../proposals/changed-lines.ts';
import { actOn } from './act-on.ts';
import { type ReadAgentResult, readAgent } from './agent.ts';
import { readBundles } from './bundles-of-pipeline.ts';
import { linesOf, readDiffs } from './changed-files.ts';
import { type CommitFiles, readPolicyFiles } from './commit-files.ts';
import { type CommitMode, whyNoCommits } from './commit-place.ts';
import { readTiers, stoppedNames, whyNoEnvironment } from './environments.ts';
import { type FoundBundle, isOnLines } from './found-bundle.ts';
import { judgeBundle } from './judge.ts';
import type { Judging, Target } from './judging.ts';
import { haveOwnersApproved } from './owners-approved.ts';
import { brokenPolicies, type Policies, readPolicies, recordPolicies } from './policies.ts';
import { changesPolicies } from './policies-changed.ts';
import type { PulledLevel } from './pulled-level.ts';
import type { BundleDecision, DecisionReport } from './report.gen.ts';
import { openCommit } from './repository-files.ts';
import { whyNoPipeline, whyNoRight } from './rights.ts';
import { showStatus } from './status.ts';
import { answerCheck } from './status-check.ts';
import { type Asked, readTarget, type TargetFacts } from './target.ts';
import { verdictOf } from './verdict.ts';

export interface ApplyRequest {
  readonly asked: Asked;
  /** Projects by full path that alone are decided about; empty: whichever the token sees. */
  readonly serves: readonly string[];
  /** Folders of the target branch that hold its manifests and its policies. */
  readonly agents: string;
  readonly policies: string;
  /** Policies of the deciding project itself. */
  readonly organisation: readonly PolicyFile[];
  /** Of policy projects, the widest first. */
  readonly pulled: readonly PulledLevel[];
  /** Bundles of sessions that this pipeline ran itself, instead of those of the merge request's pipeline. */
  readonly own?: readonly FoundBundle[];
  /** Whether the decision is shown as a status of the pipeline. */
  readonly status: boolean;
  /** Whether findings that would stop the merge are said as threads on its lines. */
  readonly findings: 'none' | 'threads';
  /** Name of the external status check that is answered; empty: where the decision is shown, the usual one if it is there. */
  readonly statusCheck: string;
  readonly commits: CommitMode;
  /** Only commits are made, and all else is left alone: a person has started the job for them. */
  readonly onlyCommits?: { readonly clicked: User | undefined } | undefined;
  readonly version: string;
}

export interface Applied {
  readonly report: DecisionReport;
  /** Of policies that have mistakes. */
  readonly findings: readonly Finding[];
}

/**
 * Decides about what a merge request's pipeline proposes, and does what is allowed. Every fact is fetched here: of the
 * request only three numbers count. Nothing is done where something could not be decided.
 *
 * @throws failures of GitLab that leave nothing to decide by
 */
export async function decideAndApply(
  context: Context,
  gitlab: GitLab,
  request: ApplyRequest,
): Promise<Applied> {
  const read = await readTarget(gitlab, request.asked, request.serves);
  if (!read.ok) return { report: undecided(request, read.reason), findings: [] };
  const { target } = read;
  const files = await openCommit(gitlab, {
    ...{ project: target.project.id, commit: target.targetCommit },
    folders: [request.agents, request.policies],
  });
  const policies = await readPolicies({
    ...{ organisation: request.organisation, pulled: request.pulled },
    project: await readPolicyFiles(files, request.policies),
  });
  const found = request.own ?? (await readBundles(gitlab, context.clock, target.pipeline));
  const agents = await readAgents(files, found, policies, context.clock.now());
  const showsFindings = request.findings === 'threads' && request.onlyCommits === undefined;
  // Asked only where it is looked at: of most merge requests nothing is proposed on a line.
  const diffs = showsFindings || found.some(isOnLines) ? await readDiffs(gitlab, target) : [];
  const names = stoppedNames(found, (path) => {
    const read = agents.get(path);
    return read?.ok ? read.agent : undefined;
  });
  const tiers = await readTiers(gitlab, target.project.id, names);
  const judging = judgingOf(
    policies,
    target,
    {
      environmentTier: (name) => tiers.get(name),
      // Of most merge requests nothing is proposed, and a sweep looks at many.
      changesPolicies: found.length > 0 ? await changesPolicies(gitlab, target, request.policies) : undefined,
      codeOwnersApproved:
        found.length > 0 && policies.asksFor('context.code_owners_approved')
          ? await haveOwnersApproved(gitlab, target)
          : undefined,
      now: context.clock.now(),
    },
    linesOf(diffs),
    request.commits,
  );
  const judged = found.map(({ source, parsed }) =>
    judgeBundle(judging, source, parsed, (path) => agents.get(path)),
  );
  const hasMistakes = policies.findings.some(({ severity }) => severity === 'error');
  const bundles = hasMistakes
    ? judged.map(({ decision }) => withoutMerits(decision))
    : await actOn(context, gitlab, { target, tiers }, judged, request);
  const decided = reportOf(request, target, policies, bundles);
  // The checks of manifests are loaded where they are asked for only.
  const findings = showsFindings
    ? await (await import('./finding-threads.ts')).showFindings(context, gitlab, target, diffs)
    : undefined;
  const report = { ...decided, ...(findings && { findings }) };
  const status = request.status ? await showStatus(gitlab, target, report) : undefined;
  const answers = request.status || request.statusCheck !== '';
  const statusCheck = answers
    ? await answerCheck(gitlab, target, report.verdict, request.statusCheck)
    : undefined;
  const shown = { ...(status && { status }), ...(statusCheck && { statusCheck }) };
  return { report: { ...report, ...shown }, findings: policies.findings };
}

/** Manifests of the target branch that bundles name, each looked up in the branch's own list of files. */
async function readAgents(
  files: CommitFiles,
  found: readonly FoundBundle[],
  { certifications }: Policies,
  now: number,
): Promise<ReadonlyMap<string, ReadAgentResult>> {
  const named = found.flatMap(({ parsed }) => (parsed.ok ? [parsed.bundle.agent.path] : []));
  const agents = new Map<string, ReadAgentResult>();
  for (const path of new Set(named)) {
    const text = await files.read(path);
    if (text !== undefined)
      agents.set(path, await readAgent({ path, text, changed: false }, certifications, now));
  }
  return agents;
}

function judgingOf(
  { engine }: Policies,
  target: TargetFacts,
  more: Pick<Judging['around'], 'changesPolicies' | 'codeOwnersApproved' | 'now' | 'environmentTier'>,
  lines: ChangedLines,
  commits: CommitMode,
): Judging {
  return {
    ...{ engine, decidedElsewhere: false, unread: [], lines },
    around: {
      ...{ place: 'trusted', project: target.project.pathWithNamespace },
      ...{ fork: target.fork, approvals: target.approvers.length, ...more },
      mergeRequest: { iid: target.mergeRequest.iid, targetBranch: target.mergeRequest.targetBranch },
    },
    target: targetOf(target),
    against: (kind, environment) =>
      whyNoRight(target, kind) ??
      whyNoPipeline(target, kind) ??
      (kind === 'commit' ? whyNoCommits(commits) : undefined) ??
      whyNoEnvironment(environment, more.environmentTier),
  };
}

function targetOf({ project, mergeRequest, head, targetHead }: TargetFacts): Target {
  return { project: project.id, mergeRequest: mergeRequest.iid, head, ...(targetHead && { targetHead }) };
}

/** Where policies cannot be read nobody knows what they say: nothing is decided on its merits. */
function withoutMerits(decision: BundleDecision): BundleDecision {
  const proposals = decision.proposals.map((one) => ({ ...one, verdict: 'undecided' as const }));
  return { ...decision, verdict: 'undecided', reasons: [...decision.reasons, brokenPolicies], proposals };
}

function reportOf(
  { version, onlyCommits }: ApplyRequest,
  target: TargetFacts,
  policies: Policies,
  bundles: BundleDecision[],
): DecisionReport {
  return {
    ...{ format: 'pipewright/decision/v1', version, by: 'apply' },
    target: targetOf(target),
    policies: recordPolicies(policies, target.targetCommit),
    ...{ verdict: verdictOf(bundles.map(({ verdict }) => verdict)), reasons: [], agents: [], bundles },
    ...(onlyCommits?.clicked && { clicked: { ...onlyCommits.clicked } }),
  };
}

function undecided({ version }: ApplyRequest, reason: string): DecisionReport {
  return {
    ...{ format: 'pipewright/decision/v1', version, by: 'apply', target: null },
    policies: { digest: '', commit: null, levels: [] },
    ...{ verdict: 'undecided', reasons: [reason], agents: [], bundles: [] },
  };
}
