import type { Clock } from '../kernel/context.ts';
import type { Finding } from '../kernel/finding.ts';
import type { PolicyFile } from '../policy/types.ts';
import { changedLines } from '../proposals/changed-lines.ts';
import type { StepGate } from '../session/types.ts';
import { type AgentSource, readAgent } from './agent.ts';
import { judgeAgent } from './judge.ts';
import { brokenPolicies, readPolicies, recordPolicies } from './policies.ts';
import type { PulledLevel } from './pulled-level.ts';
import type { DecisionReport } from './report.gen.ts';
import type { Surroundings } from './requests.ts';
import { createStepGate } from './steps.ts';

export interface RunQuestion {
  readonly manifest: AgentSource;
  readonly organisation: readonly PolicyFile[];
  /** Of policy projects, the widest first. */
  readonly pulled: readonly PulledLevel[];
  readonly policies: readonly PolicyFile[];
  readonly commit: string;
  readonly around: Surroundings;
  readonly version: string;
}

/** What policies say to a session, as far as they are asked where it runs. */
export interface RunAnswer {
  /** Undefined where nobody asks whether it may run. */
  readonly report: DecisionReport | undefined;
  readonly findings: readonly Finding[];
  readonly gate: StepGate;
}

/**
 * Decides whether a manifest of the target branch may run in the trusted project, where a session has a key to spend. Here
 * the decision is no advice: nothing runs unless policies of all levels permit it.
 */
export async function decideRun(
  clock: Pick<Clock, 'now'>,
  question: RunQuestion,
): Promise<RunAnswer & { readonly report: DecisionReport }> {
  const { manifest, around, commit, version } = question;
  const { known, read, gate } = await readAsked(clock, question);
  const { engine, findings } = known;
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
  return { report, findings, gate };
}

/** The policies of a session that nobody asks for: what they say to its steps holds all the same. */
export async function openSteps(
  clock: Pick<Clock, 'now'>,
  question: Omit<RunQuestion, 'commit' | 'version'>,
): Promise<RunAnswer> {
  const { known, gate } = await readAsked(clock, question);
  return { report: undefined, findings: known.findings, gate };
}

async function readAsked(
  clock: Pick<Clock, 'now'>,
  { manifest, organisation, pulled, policies, around }: Omit<RunQuestion, 'commit' | 'version'>,
) {
  const known = await readPolicies({ organisation, pulled, project: policies });
  const read = await readAgent(manifest, known.certifications, clock.now());
  return { known, read, gate: createStepGate({ engine: known.engine, read, around, clock }) };
}
