import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LLMock } from '@copilotkit/aimock';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { recordModel } from '../../../scripts/wire/record-cassette.ts';
import { startMock, startServer } from '../../models/live/support.ts';
import { agentPath, agentYaml, logText, readOutput, repository, sessionOf } from '../../session/support.ts';
import { startBrokerHere } from '../../support/broker.ts';
import { pipewright, testContext } from '../../support/cli.ts';

const key = 'sk-of-nobody-0123456789abcdef';
const env = { ANTHROPIC_API_KEY: key, OPENAI_API_KEY: key };
const haiku = 'claude-haiku-4-5';
const usage = { input_tokens: 1_000, output_tokens: 100 };

/** A review in three turns, as a provider sends it. */
async function startReview(): Promise<LLMock> {
  const mock = await startMock();
  const call = (name: string, input: object, id: string) => ({ name, arguments: JSON.stringify(input), id });
  mock.on(
    { turnIndex: 0 },
    { content: 'I read\nthe diff.', toolCalls: [call('read-diff', {}, 'toolu_1')], usage },
  );
  mock.on(
    { turnIndex: 1 },
    {
      toolCalls: [
        call('propose_note', { body: 'VAT is 19 now, not 0.19.' }, 'toolu_2'),
        call('report', { confidence: 0.9 }, 'toolu_3'),
      ],
      usage,
    },
  );
  mock.on({ turnIndex: 2 }, { content: 'Done.', usage });
  return mock;
}

function checkout(parts: Parameters<typeof agentYaml>[0] = {}): string {
  return repository({ [agentPath]: agentYaml({ model: haiku, ...parts }) });
}

function runIn(cwd: string, url: string, ...args: readonly string[]) {
  // As a job runs it: a broker has the key, and this process has none.
  return pipewright(['run', `--agent=${agentPath}`, `--model-url=${url}/v1`, ...args], {
    ...{ cwd, ...startBrokerHere(env) },
  });
}

describe('a run with a model', () => {
  test('proposes what the model does, and costs what it costs', async () => {
    const mock = await startReview();
    const cwd = checkout();
    const run = await runIn(cwd, mock.url, '--budget=5');
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain('\n  │ I read\n  │ the diff.\n');
    expect(run.stdout + run.stderr).not.toContain(key);
    expect(readOutput(cwd, 'proposals').proposals).toHaveLength(1);
    const egress = readOutput(cwd, 'egress');
    const schema = JSON.parse(readFileSync('schemas/egress.schema.json', 'utf8'));
    const validate = new Ajv({ allErrors: true }).compile(schema);
    expect([validate(egress), validate.errors]).toEqual([true, null]);
    expect(egress).toMatchObject({ session: sessionOf(run), complete: true });
    expect(egress.requests).toHaveLength(3);
    expect(egress.requests[0]).toMatchObject({
      ...{ by: 'model', method: 'POST', to: 'anthropic', status: 200, decision: 'sent' },
    });
    expect(JSON.stringify(egress)).not.toMatch(/messages|127\.0\.0\.1/);
    // One USD for a million tokens in, five out.
    expect(readOutput(cwd, 'result').usage).toMatchObject({
      ...{ iterations: 3, inputTokens: 3_000, outputTokens: 300, callsLost: 0 },
      costPicoUsd: String(3n * (1_000n * 1_000_000n + 100n * 5_000_000n)),
    });
    expect(mock.getRequests().map(({ path }) => path)).toEqual(Array(3).fill('/v1/messages'));
  });

  test('shows nothing while it goes on where that is not wanted', async () => {
    const mock = await startReview();
    const run = await runIn(checkout(), mock.url, '--stream=false');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).not.toContain('│');
  });

  test('without a key names the variable, before a session is begun', async () => {
    const cwd = checkout();
    const run = await pipewright(['run', `--agent=${agentPath}`], { cwd });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(
      'there is no key for anthropic/claude-haiku-4-5: ANTHROPIC_API_KEY is not set',
    );
    expect(run.stdout).not.toContain('session ');
  });

  test('is not sent where the manifest says', async () => {
    const mock = await startReview();
    const yaml = agentYaml({ model: haiku }).replace(
      'temperature: 0',
      'temperature: 0, baseUrl: "https://evil.example/v1"',
    );
    const run = await runIn(repository({ [agentPath]: yaml }), mock.url);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('spec.llm.baseUrl is left out');
  });

  test('through a proxy that is none says so, without its password', async () => {
    const yaml = agentYaml({ model: haiku }).replace('provider: anthropic', 'provider: custom');
    const run = await pipewright(['run', `--agent=${agentPath}`, '--model-url=http://llm.example.com/v1'], {
      cwd: repository({ [agentPath]: yaml }),
      env: { HTTP_PROXY: 'ftp://somebody:their-password@proxy.example.com' },
    });
    expect(run.stderr).toContain('NETWORK_PROXY');
    expect(run.stdout + run.stderr).not.toContain('their-password');
  });

  test('whose answer was cut off goes on', async () => {
    const mock = await startMock();
    mock.on({ turnIndex: 0 }, { content: 'The change', usage, finishReason: 'max_tokens' });
    mock.on({ turnIndex: 1 }, { content: ' is fine.', usage });
    const cwd = checkout();
    const run = await runIn(cwd, mock.url);
    expect(run.exitCode, run.stdout).toBe(0);
    expect(readOutput(cwd, 'result').usage.iterations).toBe(2);
  });
});

describe('a cassette that was recorded', () => {
  test('replays the run to the letter, without a request', async () => {
    const mock = await startReview();
    const cwd = checkout();
    const live = await runIn(cwd, mock.url, '--record=turns.jsonl');
    expect(live.exitCode, live.stdout + live.stderr).toBe(0);
    const [result, proposals] = [readOutput(cwd, 'result'), readOutput(cwd, 'proposals')];
    expect(readFileSync(join(cwd, 'turns.jsonl'), 'utf8')).not.toContain(key);
    const replay = await pipewright(['run', `--agent=${agentPath}`, '--cassette=turns.jsonl'], {
      cwd,
      change: (context) => ({
        ...context,
        fetch: () => {
          throw new Error('a replay asks nobody');
        },
      }),
    });
    expect(replay.exitCode, replay.stderr).toBe(0);
    expect(replay.stdout).not.toContain('│');
    const timeless = ({
      usage: { elapsedMs, ...rest },
      session,
      ...other
    }: ReturnType<typeof readOutput>) => [rest, other];
    expect(timeless(readOutput(cwd, 'result'))).toEqual(timeless(result));
    expect(readOutput(cwd, 'proposals').proposals).toEqual(proposals.proposals);
  });

  test('goes on where a session does', async () => {
    const mock = await startReview();
    const cwd = checkout({ completion: 'default_signal: complete\nmax_iterations: 1' });
    const begun = await runIn(cwd, mock.url, '--record=turns.jsonl');
    expect(begun.exitCode).toBe(31);
    const lines = () => readFileSync(join(cwd, 'turns.jsonl'), 'utf8').trim().split('\n').length;
    expect(lines()).toBe(1);
    writeFileSync(join(cwd, agentPath), agentYaml({ model: haiku }));
    const on = await runIn(
      cwd,
      mock.url,
      '--record=turns.jsonl',
      `--session=${sessionOf(begun)}`,
      '--accept-changes',
    );
    expect(on.exitCode, on.stdout + on.stderr).toBe(0);
    expect(lines()).toBe(3);
  });

  test('holds no secret that is known, and a model is told no key', async () => {
    const mock = await startReview();
    const cwd = checkout({ role: `"You use ${key}."` });
    const run = await runIn(cwd, mock.url, '--record=turns.jsonl');
    expect(run.exitCode).toBe(0);
    // This process does not know the key, and cannot take it out: the broker does, of what goes out.
    expect(JSON.stringify(mock.getRequests()[0]?.body)).toContain(`You use ${'*'.repeat(key.length)}.`);
    const context = testContext(cwd, { redact: (text) => text.replaceAll(key, '[redacted]') });
    const asked = { id: 'x', generate: () => Promise.reject(new Error('it is not asked')) };
    const model = await recordModel(context, 'others.jsonl', asked);
    const messages = [{ role: 'user', text: key }] as const;
    const request = { provider: 'a', model: 'm', maxOutputTokens: 1, messages, tools: [] };
    await expect(model.generate(request)).rejects.toMatchObject({
      code: 'MODEL_RECORD_SECRET',
      message: 'nothing is recorded in others.jsonl: messages[0].text holds what looks like a secret',
    });
  });

  test('takes the place of no other file', async () => {
    const cwd = checkout();
    const run = await runIn(cwd, 'http://127.0.0.1:1', '--record=src/price.ts');
    expect(run.stderr).toContain('MODEL_CASSETTE_INVALID');
    expect(readFileSync(join(cwd, 'src/price.ts'), 'utf8')).toContain('vat');
  });
});

describe('a call that no model answers', () => {
  const retries =
    'llm: {provider: anthropic, model: claude-haiku-4-5, temperature: 0, maxTokens: 100, retry_config: {max_attempts: 2, initial_delay_ms: 0}}';
  const yaml = agentYaml().replace(/llm: .*/, retries);

  test('that was refused costs nothing, and the session goes on', async () => {
    const { url } = await startServer((_request, response) => {
      response.writeHead(529, { 'content-type': 'application/json' });
      response.end('{"error": {"message": "Overloaded", "type": "overloaded_error"}}');
    });
    const cwd = repository({ [agentPath]: yaml });
    const failed = await runIn(cwd, url, '--budget=5');
    expect(failed.exitCode, failed.stdout).toBe(3);
    expect(failed.stderr).toContain(
      'anthropic/claude-haiku-4-5 cannot answer now (529, overloaded_error: Overloaded)',
    );
    expect(failed.stderr.match(/; it is asked again\n/g)).toHaveLength(1);
    // What was asked is told although the session has failed.
    expect(readOutput(cwd, 'egress').requests.map(({ status }: { status: number }) => status)).toEqual([
      529, 529,
    ]);
    const session = sessionOf(failed);
    expect(await logText(cwd, session)).toContain('"kind":"call-failed"');
    const mock = await startReview();
    const on = await runIn(cwd, mock.url, '--budget=5', `--session=${session}`);
    expect(on.exitCode, on.stdout + on.stderr).toBe(0);
    expect(readOutput(cwd, 'result').usage).toMatchObject({ callsLost: 0, lostPicoUsd: '0', lostTokens: 0 });
    const told = await pipewright(['sessions', 'show', session], { cwd });
    expect(told.stdout).toContain('no model has answered (MODEL_OVERLOADED)');
  });

  test('that may have to be paid is booked, each request of it', async () => {
    const { url } = await startServer((request) => request.socket.destroy());
    const cwd = repository({ [agentPath]: yaml });
    const failed = await runIn(cwd, url, '--budget=5');
    expect(failed.exitCode).toBe(3);
    const mock = await startReview();
    const on = await runIn(cwd, mock.url, '--budget=5', `--session=${sessionOf(failed)}`);
    expect(on.exitCode, on.stdout + on.stderr).toBe(0);
    const { usage: spent } = readOutput(cwd, 'result');
    expect(spent.callsLost).toBe(2);
    // As many bytes as the request has, and what it may answer, twice.
    expect(spent.lostTokens).toBeGreaterThan(2 * 1_100);
    expect(Number(spent.lostPicoUsd)).toBeGreaterThan(2 * 1_100 * 1_000_000);
  });

  test('another model answers in its place, if the manifest names it, and its record says so', async () => {
    const both = retries.replace(
      /}$/,
      ', fallback_models: [{provider: anthropic, model: claude-sonnet-4-5}]}',
    );
    const mock = await startReview();
    mock.prependFixture({
      match: { model: haiku },
      response: { error: { message: 'no', type: 'overloaded_error' }, status: 529 },
    });
    const cwd = repository({ [agentPath]: agentYaml().replace(/llm: .*/, both) });
    const run = await runIn(cwd, mock.url, '--budget=5');
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    expect(run.stderr).toContain('anthropic/claude-sonnet-4-5 is asked instead');
    expect(await logText(cwd, sessionOf(run))).toContain(
      '"answeredBy":{"provider":"anthropic","model":"claude-sonnet-4-5"}',
    );
    // Three USD for a million tokens in, fifteen out.
    expect(readOutput(cwd, 'result').usage.costPicoUsd).toBe(
      String(3n * (1_000n * 3_000_000n + 100n * 15_000_000n)),
    );
    const unpriced = both.replace('claude-sonnet-4-5', 'claude-unheard-of');
    const refused = await runIn(
      repository({ [agentPath]: agentYaml().replace(/llm: .*/, unpriced) }),
      mock.url,
      '--budget=5',
    );
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('PRICE_UNKNOWN');
  });
});

describe('a subagent with a model of its own', () => {
  const sonnet = 'claude-sonnet-4-5';
  const withReader = (model: string) =>
    checkout({ more: `subagents: [{name: reader, role: You read files., model: ${model}}]` });

  test('is asked by its name and costs what it costs', async () => {
    const mock = await startMock();
    const task = JSON.stringify({ subagent: 'reader', task: 'Read the price.' });
    mock.on({ model: sonnet }, { content: 'VAT is 19.', usage });
    mock.on(
      { model: haiku, turnIndex: 0 },
      { toolCalls: [{ name: 'delegate', arguments: task, id: 'toolu_1' }], usage },
    );
    mock.on({ model: haiku, turnIndex: 1 }, { content: 'Done.', usage });
    const cwd = withReader(sonnet);
    const run = await runIn(cwd, mock.url, '--budget=5');
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    const cheap = 1_000n * 1_000_000n + 100n * 5_000_000n;
    const dear = 1_000n * 3_000_000n + 100n * 15_000_000n;
    const took = { tasks: 1, turns: 1, inputTokens: 1_000, outputTokens: 100 };
    expect(readOutput(cwd, 'result').usage).toMatchObject({
      costPicoUsd: String(2n * cheap + dear),
      subagents: [{ name: 'reader', ...took, costPicoUsd: String(dear) }],
    });
  });

  test('whose price nobody knows runs under no budget in money', async () => {
    const { url } = await startMock();
    const refused = await runIn(withReader('claude-unheard-of'), url, '--budget=5');
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('PRICE_UNKNOWN')]);
  });
});
