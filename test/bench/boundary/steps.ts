import { readAgent } from '../../../components/decide/agent.ts';
import { readPolicies } from '../../../components/decide/policies.ts';
import type { Surroundings } from '../../../components/decide/requests.ts';
import { createStepGate } from '../../../components/decide/steps.ts';
import type { SoFar, Step } from '../../../components/session/types.ts';
import { agentPath, agentYaml } from '../../session/agents.ts';
import { type Figure, figure } from '../figure.ts';

const asked = 20_000;

const steps: readonly Step[] = [
  { action: 'use_model', provider: 'anthropic', model: 'claude-sonnet' },
  { action: 'call_tool', tool: 'read-file', kind: 'function', risk: 'low', permission: 'read_code' },
  { action: 'call_tool', tool: 'fetch', kind: 'http', risk: 'high', permission: 'read_code' },
  { action: 'resume' },
];
const soFar: SoFar = {
  ...{ sources: ['merge-request-diff', 'repository'], costPicoUsd: 1_500_000n, tokens: 12_000 },
  ...{ iterations: 3, proposals: 1, confidence: 0.9 },
};

/** What a step of a session waits for its policies, ours and one of the project's that is about all of them; and reading them, once a job. */
export async function measureSteps(): Promise<readonly Figure[]> {
  const own = {
    ...{ apiVersion: 'pipewright/v1', kind: 'Policy', metadata: { name: 'costly' } },
    spec: {
      ...{ effect: 'forbid', message: 'Too costly.', conditions: ['context.cost_usd > 1.0'] },
      match: { actions: ['use_model', 'call_tool', 'resume'] },
    },
  };
  const started = process.cpuUsage();
  const { engine, certifications } = await readPolicies({
    project: [{ path: 'p.policy.yaml', text: JSON.stringify(own) }],
  });
  const reading = inMs(process.cpuUsage(started));
  const read = await readAgent({ path: agentPath, text: agentYaml(), changed: false }, certifications, 0);
  const around: Surroundings = {
    place: 'merge-request',
    ...{ project: 'acme/shop', fork: false, approvals: undefined, changesPolicies: undefined, now: 0 },
    mergeRequest: { iid: 1, targetBranch: 'main' },
  };
  const gate = createStepGate({ engine, read, around, clock: { now: () => Date.now() } });
  const times = Array.from({ length: asked }, (_, index) => {
    const before = performance.now();
    gate(steps[index % steps.length] as Step, soFar);
    return (performance.now() - before) * 1_000;
  }).sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return [
    figure({
      ...{ id: 'step-decision-p99', value: at(0.99), unit: 'µs', better: 'lower', goal: 1_000 },
      against: `p50 ${at(0.5).toFixed(1)} µs; ${asked} steps of a session, facts made and checked, ${engine.levels.map(({ name, policies }) => `${policies} of ${name}`).join(', ')}`,
    }),
    figure({
      ...{ id: 'step-policies-read', value: reading, unit: 'ms', better: 'lower', goal: null },
      against: 'CPU time of a job, once, from the sources: parsing and compiling all of them',
    }),
  ];
}

function inMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}
