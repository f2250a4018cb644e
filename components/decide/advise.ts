import type { Clock } from '../kernel/context.ts';
import type { Finding } from '../kernel/finding.ts';
import type { Certification, PolicyFile } from '../policy/types.ts';
import { type AgentSource, type ReadAgentResult, readAgent } from './agent.ts';
import { brokenPolicies } from './apply.ts';
import type { FoundBundle } from './bundles-of-pipeline.ts';
import { type Judging, judgeAgent, judgeBundle, type Target, verdictOf } from './judge.ts';
import { readPolicies } from './policies.ts';
import type { DecisionReport } from './report.gen.ts';
import type { CommitFiles } from './repository-files.ts';
import type { Surroundings } from './requests.ts';

export interface AdviseRequest {
  /** What the changes begin at, and what they lead to; the same commit outside of a merge request. */
  readonly base: CommitFiles;
  readonly head: CommitFiles;
  /** Commit of `base`, whose policies count. */
  readonly commit: string;
  readonly policies: readonly PolicyFile[];
  readonly target: Target | undefined;
  readonly around: Surroundings;
  readonly bundles: readonly FoundBundle[];
  /** Whether a trusted project decides later, which sees approvals and certificates. */
  readonly decidedElsewhere: boolean;
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
  const { engine, certifications, findings } = await readPolicies([], request.policies);
  const { around, target, base, head, decidedElsewhere } = request;
  const judging: Judging = { engine, around, target, decidedElsewhere, against: () => undefined };
  const agents = [];
  for (const path of [...head.paths].filter(isManifest).sort()) {
    const changed = head.idOf(path) !== base.idOf(path);
    if (around.place === 'merge-request' && !changed) continue;
    agents.push(judgeAgent(judging, path, await readAt(head, { path, changed }, certifications, now())));
  }
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
  const isBroken = findings.some(({ severity }) => severity === 'error');
  const verdict = verdictOf([...agents, ...bundles].map((one) => one.verdict));
  const report: DecisionReport = {
    ...{ format: 'pipewright/decision/v1', version: request.version, by: 'gate' },
    target: target === undefined ? null : { ...target },
    policies: {
      ...{ digest: engine.digest, commit: request.commit },
      levels: engine.levels.map((level) => ({ ...level })),
    },
    verdict: isBroken && verdict !== 'nothing' ? 'undecided' : verdict,
    reasons: isBroken ? [brokenPolicies] : [],
    ...{ agents, bundles },
  };
  return { report, findings };
}

function isManifest(path: string): boolean {
  return /\.ossa\.(ya?ml|json)$/.test(path);
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
