import type { Clock } from '../kernel/context.ts';
import type { Finding } from '../kernel/finding.ts';
import type { PolicyFile } from '../policy/types.ts';
import { changedLines } from '../proposals/changed-lines.ts';
import { readAgent } from './agent.ts';
import { judgeAgent } from './judge.ts';
import { brokenPolicies, readPolicies, recordPolicies } from './policies.ts';
import type { PulledLevel } from './pulled-level.ts';
import type { DecisionReport } from './report.gen.ts';
import type { Surroundings } from './requests.ts';

export interface RunQuestion {
  /** Of the target branch, like the policies. */
  readonly manifest: { readonly path: string; readonly text: string };
  readonly organisation: readonly PolicyFile[];
  /** Of policy projects, the widest first. */
  readonly pulled: readonly PulledLevel[];
  readonly policies: readonly PolicyFile[];
  readonly commit: string;
  readonly around: Surroundings;
  readonly version: string;
}

/**
 * Decides whether a manifest of the target branch may run in the trusted project, where a session has a key to spend. Here
 * the decision is no advice: nothing runs unless policies of all levels permit it.
 */
export async function decideRun(
  { now }: Pick<Clock, 'now'>,
  { manifest, organisation, pulled, policies, commit, around, version }: RunQuestion,
): Promise<{ readonly report: DecisionReport; readonly findings: readonly Finding[] }> {
  const known = await readPolicies({ organisation, pulled, project: policies });
  const { engine, certifications, findings } = known;
  const read = await readAgent({ ...manifest, changed: false }, certifications, now());
  const judging = {
    engine,
    around,
    target: undefined,
    decidedElsewhere: false,
    against: () => undefined,
    lines: changedLines([]),
    unread: [],
  };
  const agent = judgeAgent(judging, manifest.path, read);
  const isBroken = findings.some(({ severity }) => severity === 'error');
  const report: DecisionReport = {
    ...{ format: 'pipewright/decision/v1', version, by: 'apply', target: null },
    policies: recordPolicies(known, commit),
    verdict: isBroken ? 'undecided' : agent.verdict,
    reasons: isBroken ? [brokenPolicies] : [],
    ...{ agents: [agent], bundles: [] },
  };
  return { report, findings };
}
