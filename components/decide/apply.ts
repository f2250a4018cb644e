import { listDiffs } from '../gitlab/endpoints/diffs.ts';
import { currentUser } from '../gitlab/endpoints/users.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { Context } from '../kernel/context.ts';
import type { Finding } from '../kernel/finding.ts';
import type { PolicyFile } from '../policy/types.ts';
import { type ChangedFile, type ChangedLines, changedLines } from '../proposals/changed-lines.ts';
import { type ReadAgentResult, readAgent } from './agent.ts';
import { readBundles } from './bundles-of-pipeline.ts';
import { type CommitFiles, readPolicyFiles } from './commit-files.ts';
import { applyEffect, type EffectPlace, type Resolved, resolveGone } from './effects.ts';
import { type FoundBundle, isOnLines } from './found-bundle.ts';
import { type JudgedBundle, type Judging, judgeBundle, verdictOf } from './judge.ts';
import { haveOwnersApproved } from './owners-approved.ts';
import { brokenPolicies, type Policies, readPolicies } from './policies.ts';
import { changesPolicies } from './policies-changed.ts';
import type { BundleDecision, DecisionReport } from './report.gen.ts';
import { openCommit } from './repository-files.ts';
import { whyNoRight } from './rights.ts';
import { showStatus } from './status.ts';
import { type Asked, readTarget, type TargetFacts } from './target.ts';

export interface ApplyRequest {
  readonly asked: Asked;
  /** Projects by full path that alone are decided about; empty: whichever the token sees. */
  readonly serves: readonly string[];
  /** Folders of the target branch that hold its manifests and its policies. */
  readonly agents: string;
  readonly policies: string;
  /** Policies of the deciding project itself. */
  readonly organisation: readonly PolicyFile[];
  /** Bundles of sessions that this pipeline ran itself, instead of those of the merge request's pipeline. */
  readonly own?: readonly FoundBundle[];
  /** Whether the decision is shown as a status of the pipeline. */
  readonly status: boolean;
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
  const policies = await readPolicies(request.organisation, await readPolicyFiles(files, request.policies));
  const found = request.own ?? (await readBundles(gitlab, context.clock, target.pipeline));
  const agents = await readAgents(files, found, policies, context.clock.now());
  const judging = judgingOf(
    policies,
    target,
    {
      // Of most merge requests nothing is proposed, and a sweep looks at many.
      changesPolicies: found.length > 0 ? await changesPolicies(gitlab, target, request.policies) : undefined,
      codeOwnersApproved:
        found.length > 0 && policies.asksFor('context.code_owners_approved')
          ? await haveOwnersApproved(gitlab, target)
          : undefined,
      now: context.clock.now(),
    },
    await readLines(gitlab, target, found),
  );
  const judged = found.map(({ source, parsed }) =>
    judgeBundle(judging, source, parsed, (path) => agents.get(path)),
  );
  const hasMistakes = policies.findings.some(({ severity }) => severity === 'error');
  const bundles = hasMistakes
    ? judged.map(({ decision }) => withoutMerits(decision))
    : await actOn(context, gitlab, target, judged);
  const report = reportOf(request, target, policies, bundles);
  const status = request.status ? await showStatus(gitlab, target, report) : undefined;
  return { report: { ...report, ...(status && { status }) }, findings: policies.findings };
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

/** The diff as GitLab has it; asked only where something is proposed on a line. */
async function readLines(
  gitlab: GitLab,
  { project, mergeRequest }: TargetFacts,
  found: readonly FoundBundle[],
): Promise<ChangedLines> {
  const files: ChangedFile[] = [];
  if (!found.some(isOnLines)) return changedLines(files);
  for await (const file of listDiffs(gitlab, { project: project.id, mergeRequest: mergeRequest.iid })) {
    const { oldPath, newPath, deletedFile, collapsed, tooLarge } = file;
    const diff = collapsed === true || tooLarge === true ? undefined : file.diff;
    if (!deletedFile) files.push({ oldPath, newPath, diff });
  }
  return changedLines(files);
}

function judgingOf(
  { engine }: Policies,
  target: TargetFacts,
  more: Pick<Judging['around'], 'changesPolicies' | 'codeOwnersApproved' | 'now'>,
  lines: ChangedLines,
): Judging {
  return {
    ...{ engine, decidedElsewhere: false, lines },
    around: {
      ...{ place: 'trusted', project: target.project.pathWithNamespace },
      ...{ fork: target.fork, approvals: target.approvers.length, ...more },
      mergeRequest: { iid: target.mergeRequest.iid, targetBranch: target.mergeRequest.targetBranch },
    },
    target: { project: target.project.id, mergeRequest: target.mergeRequest.iid, head: target.head },
    against: (kind) => whyNoRight(target, kind),
  };
}

/** Where policies cannot be read nobody knows what they say: nothing is decided on its merits. */
function withoutMerits(decision: BundleDecision): BundleDecision {
  const proposals = decision.proposals.map((one) => ({ ...one, verdict: 'undecided' as const }));
  return { ...decision, verdict: 'undecided', reasons: [...decision.reasons, brokenPolicies], proposals };
}

async function actOn(
  context: Context,
  gitlab: GitLab,
  target: TargetFacts,
  judged: readonly JudgedBundle[],
): Promise<BundleDecision[]> {
  const acts = ({ effects, resolves }: JudgedBundle) =>
    resolves.length > 0 || effects.some((effect) => effect !== undefined);
  if (!judged.some(acts)) return judged.map(({ decision }) => decision);
  const place: EffectPlace = { gitlab, author: (await currentUser(gitlab)).id, target };
  const decisions: BundleDecision[] = [];
  for (const { decision, effects, bundle, agent, resolves } of judged) {
    const proposals = [...decision.proposals];
    for (const [index, effect] of effects.entries()) {
      const proposal = proposals[index];
      if (effect === undefined || proposal === undefined || bundle === undefined || agent === undefined)
        continue;
      context.cancel.throwIfAborted();
      const receipt = await applyEffect(place, effect, {
        ...{ agent: agent.profile.name, path: agent.path, usage: bundle.usage },
        ...{ neutralised: proposal.neutralised, mergeRequest: target.mergeRequest.iid },
      });
      proposals[index] = { ...proposal, receipt };
    }
    const resolved =
      resolves.length === 0 || bundle === undefined || agent === undefined
        ? undefined
        : await resolveGone(place, resolves, {
            ...{ agent: agent.profile.name, path: agent.path, usage: bundle.usage, neutralised: 0 },
            ...{ mergeRequest: target.mergeRequest.iid, effects: effects.filter((one) => one !== undefined) },
          });
    decisions.push({ ...decision, proposals, ...(resolved && inReport(resolved)) });
  }
  return decisions;
}

function inReport(resolved: Resolved): Pick<BundleDecision, 'resolved' | 'unresolved'> {
  if (!resolved.ok) return { unresolved: resolved.reason };
  return resolved.count === 0 ? {} : { resolved: resolved.count };
}

function reportOf(
  { version }: ApplyRequest,
  target: TargetFacts,
  { engine }: Policies,
  bundles: BundleDecision[],
): DecisionReport {
  return {
    ...{ format: 'pipewright/decision/v1', version, by: 'apply' },
    target: { project: target.project.id, mergeRequest: target.mergeRequest.iid, head: target.head },
    policies: {
      ...{ digest: engine.digest, commit: target.targetCommit },
      levels: engine.levels.map((level) => ({ ...level })),
    },
    ...{ verdict: verdictOf(bundles.map(({ verdict }) => verdict)), reasons: [], agents: [], bundles },
  };
}

function undecided({ version }: ApplyRequest, reason: string): DecisionReport {
  return {
    ...{ format: 'pipewright/decision/v1', version, by: 'apply', target: null },
    policies: { digest: '', commit: null, levels: [] },
    ...{ verdict: 'undecided', reasons: [reason], agents: [], bundles: [] },
  };
}

/** Whether something that was allowed was not done. */
export function hasFailed({ bundles, status }: DecisionReport): boolean {
  const receipts = bundles.flatMap(({ proposals }) => proposals.map(({ receipt }) => receipt?.done));
  const isLeftOpen = bundles.some(({ unresolved }) => unresolved !== undefined);
  return isLeftOpen || [...receipts, status?.done].includes('failed');
}

/** Whether a push or a merge came in between. */
export function hasMoved({ bundles }: DecisionReport): boolean {
  return bundles.some(({ proposals }) => proposals.some(({ receipt }) => receipt?.done === 'not done'));
}
