import type { Clock } from '../kernel/context.ts';
import type { Finding } from '../kernel/finding.ts';
import { readDefaultLevel } from '../policy/default.ts';
import type { Certification } from '../policy/types.ts';
import type { ChangedLines } from '../proposals/changed-lines.ts';
import { type AgentSource, type ReadAgentResult, readAgent } from './agent.ts';
import { type Commits, findAsked } from './asked.ts';
import { type CommitFiles, readPolicyFiles } from './commit-files.ts';
import type { FoundBundle } from './found-bundle.ts';
import { judgeAgent, judgeBundle } from './judge.ts';
import type { Judging, Target } from './judging.ts';
import { brokenPolicies, readPolicies, recordPolicies } from './policies.ts';
import type { Pulled } from './pulled-level.ts';
import type { DecisionReport } from './report.gen.ts';
import { verdictOf } from './verdict.ts';

export interface AdviseRequest extends Commits {
  /** Commit of `base`, whose policies count. */
  readonly commit: string;
  /** Folder that holds policies. */
  readonly folder: string;
  readonly target: Target | undefined;
  readonly bundles: readonly FoundBundle[];
  /** Lines that are added or changed. */
  readonly lines: ChangedLines;
  /** Whether a trusted project decides later, which sees approvals and certificates. */
  readonly decidedElsewhere: boolean;
  /** Fetches the levels of policy projects, the widest first; asked only where there is something to decide. */
  readonly pull: () => Promise<readonly Pulled[]>;
  readonly version: string;
}

/**
 * Says what would be allowed of the manifests a merge request changes and of what its agents propose. Policies, and the
 * manifests that proposals are held against, are of the commit the changes begin at: no permit comes from a source branch.
 */
export async function advise(
  { now }: Pick<Clock, 'now'>,
  request: AdviseRequest,
): Promise<{ readonly report: DecisionReport; readonly findings: readonly Finding[] }> {
  const { around, target, base, head, decidedElsewhere, folder, lines } = request;
  const asked = findAsked(request);
  // Ours are read while git reads theirs.
  const [files, asPinned] = await Promise.all([
    readPolicyFiles(base, folder),
    request.pull(),
    readDefaultLevel(),
  ]);
  const pulled = asPinned.flatMap((one) => (one.ok ? [one.pulled] : []));
  const unread = asPinned.flatMap((one) => (one.ok ? [] : [one]));
  const policies = await readPolicies({ pulled, project: files });
  const { engine, certifications, findings } = policies;
  // Its own policies are looked at for mistakes alone: merged, they would leave everything undecided.
  const next = asked.changesPolicies
    ? await readPolicies({ project: await readPolicyFiles(head, folder) })
    : undefined;
  const judging: Judging = {
    ...{ engine, target, lines, decidedElsewhere, against: () => undefined },
    unread: unread.map(({ name }) => name),
    around: { ...around, changesPolicies: asked.changesPolicies },
  };
  const agents = [];
  for (const manifest of asked.manifests)
    agents.push(judgeAgent(judging, manifest.path, await readAt(head, manifest, certifications, now())));
  const known = new Map<string, ReadAgentResult>();
  for (const { parsed } of request.bundles) {
    const path = parsed.ok ? parsed.bundle.agent.path : '';
    const text = await base.read(path);
    if (text !== undefined)
      known.set(path, await readAgent({ path, text, changed: false }, certifications, now()));
  }
  const bundles = request.bundles.map(
    ({ source, parsed }) => judgeBundle(judging, source, parsed, (path) => known.get(path)).decision,
  );
  const verdict = verdictOf([...agents, ...bundles].map((one) => one.verdict));
  const reasons = [
    ...(hasErrors(findings) ? [brokenPolicies] : []),
    ...(hasErrors(next?.findings ?? []) ? ['the policies of this merge request have mistakes'] : []),
  ];
  const report: DecisionReport = {
    ...{ format: 'pipewright/decision/v1', version: request.version, by: 'gate' },
    target: target === undefined ? null : { ...target },
    policies: recordPolicies(policies, request.commit),
    ...{ verdict: reasons.length > 0 ? 'undecided' : verdict, reasons, agents, bundles },
  };
  return {
    report,
    findings: next === undefined ? findings : [...findings, ...newOnes(findings, next.findings)],
  };
}

/** Findings that are not there already: a mistake that stays is told once. */
function newOnes(before: readonly Finding[], now: readonly Finding[]): readonly Finding[] {
  const known = new Set(before.map((finding) => JSON.stringify(finding)));
  return now.filter((finding) => !known.has(JSON.stringify(finding)));
}

function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** What is too large, or no text, is no manifest, and nobody can decide about it. */
async function readAt(
  files: CommitFiles,
  { path, changed }: Pick<AgentSource, 'path' | 'changed'>,
  certifications: readonly Certification[],
  now: number,
): Promise<ReadAgentResult> {
  const text = await files.read(path);
  if (text === undefined) return { ok: false, reason: `${path} is no text of the size of a manifest` };
  return readAgent({ path, text, changed }, certifications, now);
}
