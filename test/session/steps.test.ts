import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Message, Model } from '../../components/models/types.ts';
import { agentReplay } from '../../components/session/agent-replay.ts';
import type { SoFar, Step, StepGate } from '../../components/session/types.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import type { StatedInputs } from '../../scripts/wire/stated-inputs.ts';
import { directoryStore } from '../stores/support.ts';
import { type CliRun, pipewright, testContext } from '../support/cli.ts';
import { git, workspace, writeFiles } from '../support/workspace.ts';
import {
  agentPath,
  agentYaml,
  logText,
  readOutput,
  record,
  recordIn,
  repository,
  review,
  runArguments,
  runWith,
  scripted,
  sessionOf,
  turn,
} from './support.ts';

/** A policy that forbids steps. */
const forbid = (name: string, actions: string, conditions: readonly string[]) => `apiVersion: pipewright/v1
kind: Policy
metadata: {name: ${name}}
spec:
  effect: forbid
  match: {actions: [${actions}]}
  conditions: ${JSON.stringify(conditions)}
  message: Not here.
  fix: Do without.
`;

const noDiff = forbid('no-diff', 'call_tool', ["resource.tool == 'read-diff'"]);

const asked = { policies: 'policies', organisation: '', levels: [], 'data-classes': '', 'model-regions': '' };

/** The gate of a checkout, as the command has it. */
async function gateOf(cwd: string, stated: Partial<StatedInputs> = {}): Promise<StepGate> {
  const place = await openCheckout(testContext(cwd), agentPath);
  return (await place.ask({ ...asked, ...stated })).gate;
}

/** What each turn of the model was asked, beside what it answers. */
function watched(model: Model): { readonly model: Model; readonly asked: (readonly Message[])[] } {
  const asked: (readonly Message[])[] = [];
  const generate: Model['generate'] = (request) => {
    asked.push(request.messages);
    return model.generate(request);
  };
  return { model: { ...model, generate }, asked };
}

test('a call that a policy denies is a failed one, which the model is told, the result counts and a resumed session knows', async () => {
  const cwd = repository({ [agentPath]: agentYaml(), 'policies/no-diff.policy.yaml': noDiff });
  const context = testContext(cwd);
  const gate = await gateOf(cwd);
  const [store, session] = [directoryStore(context, workspace()), randomUUID()];
  const log = await store.open(session, 'begin');
  const { model, asked } = watched(scripted(review));
  const { state } = await runWith(context, { model, log, session, gate });
  await log.close();
  const told = asked[1]?.find(({ role }) => role === 'tool');
  expect(told).toMatchObject({ failed: true });
  expect(told).toMatchObject({ text: expect.stringContaining('project/no-diff: Not here.') });
  expect(told).toMatchObject({ text: expect.stringContaining('What would change that: Do without.') });
  expect(JSON.stringify(asked)).not.toContain('export const vat');
  expect(state).toMatchObject({ denials: { 'project/no-diff': 1 }, errors: 1, sources: [] });
  const again = await store.open(session, 'resume');
  const refuse: StepGate = () => {
    throw new Error('a session that is complete asks no policy');
  };
  const replayed = await runWith(context, { model: scripted([]), log: again, session, gate: refuse });
  await again.close();
  expect(replayed.state).toEqual(state);
  expect(agentReplay.load(agentReplay.save(state))).toEqual(state);
});

test('the command asks the policies of the commit that the changes begin at, and no source branch loosens them', async () => {
  const cwd = repository({ [agentPath]: agentYaml(), 'policies/no-diff.policy.yaml': noDiff });
  git(cwd, 'rm', '--quiet', 'policies/no-diff.policy.yaml');
  git(cwd, 'commit', '--quiet', '--message', 'no policies any more');
  const context = testContext(cwd);
  const gate = await gateOf(cwd);
  const place = await openCheckout(context, agentPath);
  const turns = await recordIn(context, place, review, scripted, gate);
  writeFileSync(join(cwd, 'turns.jsonl'), turns);
  const run = await pipewright(runArguments, { cwd });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(readOutput(cwd, 'result')).toMatchObject({ denials: { 'project/no-diff': 1 }, sources: [] });
  expect(await logText(cwd, sessionOf(run))).toContain('"what":"read-diff","policies":["project/no-diff"]');
});

describe('what ends a session before it costs anything', () => {
  const running = async (policy: string): Promise<{ readonly cwd: string; readonly run: CliRun }> => {
    const cwd = repository({ [agentPath]: agentYaml(), 'policies/p.policy.yaml': policy });
    await record(cwd, review);
    return { cwd, run: await pipewright(runArguments, { cwd }) };
  };

  test('a model that policies deny: blocked, with their names', async () => {
    const { cwd, run } = await running(
      forbid('no-model', 'use_model', ["resource.model == 'claude-sonnet'"]),
    );
    expect(run.exitCode).toBe(31);
    expect(run.stdout).toContain(
      'policies deny the model anthropic/claude-sonnet: project/no-model (Not here.)',
    );
    expect(readOutput(cwd, 'result')).toMatchObject({
      outcome: 'blocked',
      denials: { 'project/no-model': 1 },
      usage: { iterations: 0, inputTokens: 0, costPicoUsd: '0' },
    });
    expect(await logText(cwd, sessionOf(run))).not.toContain('model-called');
  });

  test('a policy that has no answer, and a file of them that has a mistake', async () => {
    const open = await running(forbid('approved', 'use_model', ['context.approvals < 1']));
    expect(open.run.exitCode).toBe(31);
    expect(open.run.stdout).toContain('this forbid cannot be evaluated');
    const broken = await running(noDiff.replace('effect: forbid', 'effect: forbids'));
    expect(broken.run.exitCode).toBe(31);
    expect(broken.run.stdout).toMatch(/policies deny the model .*spec\.effect/);
  });

  test('what has been spent is asked for before each call', async () => {
    const { cwd, run } = await running(forbid('two-turns', 'use_model', ['context.iterations >= 2']));
    expect(run.exitCode).toBe(31);
    expect(readOutput(cwd, 'result')).toMatchObject({
      usage: { iterations: 2 },
      denials: { 'project/two-turns': 1 },
    });
  });

  test('going on where policies deny that: exit 21, and nothing is written', async () => {
    const cwd = repository({
      [agentPath]: agentYaml({ completion: 'signals: [{signal: blocked, condition: iteration_count == 1}]' }),
      'policies/p.policy.yaml': forbid('no-more', 'resume', ['context.iterations >= 1']),
    });
    await record(cwd, review);
    const first = await pipewright(runArguments, { cwd });
    expect(first.exitCode).toBe(31);
    const session = sessionOf(first);
    const before = await logText(cwd, session);
    const again = await pipewright([...runArguments, `--session=${session}`], { cwd });
    expect(again.exitCode).toBe(21);
    expect(again.stderr).toContain('SESSION_RESUME_DENIED');
    expect(again.stderr).toContain('project/no-more (Not here.)');
    expect(await logText(cwd, session)).toBe(before);
  });
});

test('what a call has read counts for the next one of its turn, and a title before the first', async () => {
  const cwd = repository({ [agentPath]: agentYaml() });
  const context = testContext(cwd);
  const seen: [Step['action'], SoFar['sources']][] = [];
  const gate: StepGate = (step, { sources }) => {
    seen.push([step.action, sources]);
    return { allowed: true };
  };
  const place = { ...(await openCheckout(context, agentPath)), title: 'Please merge' };
  const twice = [turn('', ['read-diff', {}], ['list-files', {}]), turn('Done.')];
  await recordIn(context, place, twice, scripted, gate);
  expect(seen).toEqual([
    ['use_model', ['merge-request']],
    ['call_tool', ['merge-request']],
    ['call_tool', ['merge-request', 'merge-request-diff']],
    ['use_model', ['merge-request', 'merge-request-diff', 'repository']],
  ]);
});

test('a tool of high risk is not called by an agent that has read a merge request', async () => {
  const cwd = repository({ [agentPath]: agentYaml() });
  const gate = await gateOf(cwd);
  const call: Step = {
    action: 'call_tool',
    tool: 'x',
    kind: 'function',
    risk: 'high',
    permission: 'read_code',
  };
  const nothing: SoFar = {
    ...{ sources: [], costPicoUsd: 0n, tokens: 0, iterations: 0, proposals: 0, confidence: undefined },
  };
  expect(gate(call, nothing)).toEqual({ allowed: true });
  expect(gate(call, { ...nothing, sources: ['repository'] })).toMatchObject({
    allowed: false,
    reasons: [{ policy: 'default/untrusted-source' }],
  });
  writeFiles(cwd, { [agentPath]: 'kind: Agent\n' });
  const unknown = await gateOf(cwd);
  expect(unknown(call, nothing)).toMatchObject({ allowed: false, reasons: [{ policy: 'undecided' }] });
});

describe('what only the operator knows', () => {
  const use = (provider: string): Step => ({ action: 'use_model', provider, model: 'm' });
  const soFar: SoFar = {
    ...{ sources: [], costPicoUsd: 0n, tokens: 0, iterations: 0, proposals: 0, confidence: undefined },
  };

  test('where models are, by provider, and which data a session may meet', async () => {
    const asks = (condition: string) => forbid('stated', 'use_model', [condition]);
    const gate = async (condition: string, stated: Partial<StatedInputs>) => {
      const cwd = repository({ [agentPath]: agentYaml(), 'policies/p.policy.yaml': asks(condition) });
      return gateOf(cwd, stated);
    };
    const regions = await gate("resource.region != 'eu-west-1'", {
      'model-regions': 'azure=eu-west-1,openai=us-east-1',
    });
    expect(regions(use('azure'), soFar)).toEqual({ allowed: true });
    expect(regions(use('openai'), soFar)).toMatchObject({
      reasons: [{ policy: 'project/stated', message: 'Not here.' }],
    });
    // Of a provider that nobody spoke of there is no region, and a forbid without an answer denies.
    expect(regions(use('google'), soFar)).toMatchObject({
      reasons: [{ message: expect.stringContaining('cannot be evaluated') }],
    });
    const none = await gate('context.data_classes.size() > 0', { 'data-classes': 'none' });
    expect(none(use('azure'), soFar)).toEqual({ allowed: true });
    const some = await gate('context.data_classes.size() > 0', { 'data-classes': 'internal,confidential' });
    expect(some(use('azure'), soFar)).toMatchObject({ allowed: false });
  });
});
