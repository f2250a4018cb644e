import { type ReadAgentResult, readAgent } from '../../../../components/decide/agent.ts';
import { judgeBundle } from '../../../../components/decide/judge.ts';
import type { JudgedBundle } from '../../../../components/decide/judging.ts';
import { readPolicies } from '../../../../components/decide/policies.ts';
import type { Surroundings as Around } from '../../../../components/decide/requests.ts';
import { createStepGate } from '../../../../components/decide/steps.ts';
import { digest } from '../../../../components/kernel/canonical.ts';
import type { Context } from '../../../../components/kernel/context.ts';
import { parseBundle } from '../../../../components/proposals/bundle.ts';
import { changedLines, parseDiff } from '../../../../components/proposals/changed-lines.ts';
import type { AgentManifest, StepGate } from '../../../../components/session/types.ts';
import { type CheckedRunnable, readRunnable } from '../../../../scripts/wire/run-manifest.ts';
import { agentPath, certificateOf } from './manifest.ts';

/** What the trusted project knows of the merge request. */
const around: Around = {
  ...{ place: 'trusted', project: 'acme/shop', fork: false, approvals: 0, changesPolicies: false },
  mergeRequest: { iid: 7, targetBranch: 'main' },
  now: Date.now(),
  environmentTier: () => 'development',
  codeOwnersApproved: false,
};

export type Policies = Pick<Awaited<ReturnType<typeof readPolicies>>, 'engine'> & {
  readonly read: ReadAgentResult;
};

export interface Read {
  readonly runnable: Extract<CheckedRunnable, { ok: true }>;
  readonly manifest: AgentManifest;
  readonly gate: StepGate;
  readonly policies: Policies;
}

const known = new Map<string, Promise<Read>>();

/** What depends on the manifests alone, and takes most of a session's time. */
export function readOnce(
  context: Context,
  text: string,
  target: string,
  isUnguarded: boolean,
): Promise<Read> {
  const key = digest([text, target, isUnguarded]);
  const read = known.get(key) ?? readAll(context, text, target, isUnguarded);
  known.set(key, read);
  return read;
}

async function readAll(
  { clock }: Context,
  text: string,
  target: string,
  isUnguarded: boolean,
): Promise<Read> {
  const runnable = await readRunnable({ path: agentPath, text }, () => ({}));
  if (!runnable.ok || runnable.manifest.kind !== 'Agent') throw new Error(JSON.stringify(runnable.findings));
  const organisation = [{ path: 'certified.policy.yaml', text: certificateOf(target) }];
  const { engine: real, certifications } = await readPolicies({ organisation, pulled: [], project: [] });
  const engine = isUnguarded
    ? { ...real, decide: () => ({ effect: 'allow' as const, policies: [], warnings: [] }) }
    : real;
  const [ran, read] = [
    await readAgent({ path: agentPath, text, changed: text !== target }, certifications, clock.now()),
    await readAgent({ path: agentPath, text: target, changed: false }, certifications, clock.now()),
  ];
  const gate = createStepGate({ engine, read: ran, around, clock });
  return { runnable, manifest: runnable.manifest, gate, policies: { engine, read } };
}

/** As `apply` decides, of the bytes that the session left. */
export function judge(
  bytes: Uint8Array,
  { engine, read, head, lines }: Policies & { readonly head: string; readonly lines: string },
): JudgedBundle {
  return judgeBundle(
    {
      ...{ engine, around, decidedElsewhere: false, unread: [], against: () => undefined },
      target: { project: 1, mergeRequest: 7, head },
      lines: changedLines(parseDiff(lines)),
    },
    'run',
    parseBundle(bytes),
    (path) => (path === agentPath ? read : undefined),
  );
}
