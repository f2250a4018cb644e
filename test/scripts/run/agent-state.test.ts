import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  agentPath,
  agentYaml,
  inOrder,
  logText,
  readOutput,
  record,
  repository,
  runArguments,
  sessionOf,
  turn,
} from '../../session/support.ts';
import { pipewright } from '../../support/cli.ts';
import { writeFiles } from '../../support/workspace.ts';

/** Five turns that read, and one that ends. */
const reading = Array.from({ length: 5 }, (_, index) => turn(`Step ${index}.`, ['list_files', { index }]));
const turns = [...reading, turn('Done.')];

async function ran(state: string, completion?: string) {
  const yaml = agentYaml({ state, ...(completion === undefined ? {} : { completion }) });
  const cwd = repository({ [agentPath]: yaml });
  await record(cwd, turns, inOrder);
  const run = await pipewright(runArguments, { cwd });
  /** Messages of each request that was made. */
  const requests: { role: string; text: string }[][] = readFileSync(join(cwd, 'turns.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).request.messages);
  return { cwd, run, requests };
}

describe('what is sent', () => {
  test('session, and where nothing is said: the whole conversation', async () => {
    const { cwd, run, requests } = await ran('{mode: session}');
    expect(run.exitCode, run.stderr).toBe(0);
    expect(requests.map(({ length }) => length)).toEqual([2, 4, 6, 8, 10, 12]);
    expect(readOutput(cwd, 'result').context).toBeUndefined();
  });

  test('stateless: what it began with and the last turn; the log keeps all', async () => {
    const { cwd, run, requests } = await ran('{mode: stateless}');
    expect(requests.map((messages) => messages.slice(2).map(({ text }) => text))).toEqual([
      [],
      ['Step 0.', expect.any(String)],
      ...[1, 2, 3, 4].map((index) => [
        `${index * 2} messages of this conversation, the oldest, are left out here.`,
        `Step ${index}.`,
        expect.any(String),
      ]),
    ]);
    expect(run.stdout).toContain(
      'iteration 3 (called list_files; 360 tokens so far; 0 proposals; 2 messages left out)',
    );
    expect(readOutput(cwd, 'result').context).toEqual({ leftOut: 8 });
    const log = await logText(cwd, sessionOf(run));
    for (const index of [0, 1, 2, 3, 4]) expect(log).toContain(`Step ${index}.`);
    const { stdout } = await pipewright(['sessions', 'export', sessionOf(run)], { cwd });
    expect(JSON.parse(stdout).messages).toHaveLength(11);
  });

  test.each(['sliding_window', 'truncation'])(
    '%s by messages: whole turns, the oldest first',
    async (strategy) => {
      const { cwd, run, requests } = await ran(
        `{mode: long_running, context_window: {max_messages: 8, strategy: ${strategy}}}`,
      );
      expect(run.exitCode, run.stderr).toBe(0);
      expect(requests.map(({ length }) => length)).toEqual([2, 4, 6, 8, 7, 7]);
      expect(readOutput(cwd, 'result').context).toEqual({ leftOut: 6 });
    },
  );

  test('by tokens: the result says how many there were, and who counted', async () => {
    const { cwd, run, requests } = await ran('{context_window: {max_tokens: 100000}}');
    expect(run.exitCode, run.stderr).toBe(0);
    expect(requests.map(({ length }) => length)).toEqual([2, 4, 6, 8, 10, 12]);
    // The recorded provider counts 100 tokens each time, whatever is in a request: nobody's way to count tokens.
    const { context } = readOutput(cwd, 'result');
    expect(context).toEqual({ leftOut: 0, tokens: expect.any(Number), counted: 'estimate' });
    expect(context.tokens).toBeGreaterThan(500);
  });

  test.each([
    [
      'max_messages',
      'max_messages: 5',
      /come to 7 messages, and spec\.state\.context_window\.max_messages is 5/,
    ],
    ['max_tokens', 'max_tokens: 60', /come to \d+ tokens, and spec\.state\.context_window\.max_tokens is 60/],
  ])(
    'where not even the last turn fits it is blocked, and no model is asked: %s',
    async (_, limits, reason) => {
      const cwd = repository({ [agentPath]: agentYaml() });
      const calls = Array.from({ length: 4 }, () => ['list_files', {}] as const);
      await record(cwd, [turn('', ...calls), turn('Done.')]);
      writeFiles(cwd, { [agentPath]: agentYaml({ state: `{context_window: {${limits}}}` }) });
      const run = await pipewright(runArguments, { cwd });
      expect([run.exitCode, run.stdout]).toEqual([31, expect.stringMatching(reason)]);
      expect(readOutput(cwd, 'result')).toMatchObject({
        outcome: 'blocked',
        reason: expect.stringMatching(reason),
      });
      const again = await pipewright([...runArguments, `--session=${sessionOf(run)}`], { cwd });
      expect([again.exitCode, again.stdout.includes('iteration')]).toEqual([31, false]);
    },
  );
});

describe('what is told', () => {
  const told = async (state: string, change = (yaml: string) => yaml) => {
    const cwd = repository({ [agentPath]: agentYaml() });
    await record(cwd, [turn('Done.')]);
    writeFiles(cwd, { [agentPath]: change(agentYaml({ state })) });
    return pipewright(runArguments, { cwd });
  };

  test('what cannot be run: a strategy that takes a model, limits that no turn fits', async () => {
    const run = await told('{context_window: {max_messages: 4, max_tokens: 0, strategy: summarization}}');
    expect(run.exitCode).toBe(20);
    const places = [...run.stdout.matchAll(/error (SESSION_\w+)\n +spec\.state\.context_window\.(\w+) is/g)];
    expect(places.map(([, code, field]) => [code, field])).toEqual([
      ['SESSION_FIELD', 'max_messages'],
      ['SESSION_FIELD', 'max_tokens'],
      ['SESSION_UNSUPPORTED', 'strategy'],
    ]);
  });

  test('weighing by importance, which OSSA 0.2 has, cannot be run either', async () => {
    const run = await told('{context_window: {max_tokens: 9000, strategy: importance_weighted}}', (yaml) =>
      yaml.replace('ossa/v0.3.5', 'ossa/v0.2.9'),
    );
    expect([run.exitCode, run.stdout]).toEqual([20, expect.stringContaining('importance_weighted')]);
  });

  test('what is left out', async () => {
    const run = await told(
      '{storage: {type: vector-db, config: {provider: redis}, retention: 30d}, context_window: {strategy: truncation}, persistence: true}',
    );
    expect(run.exitCode, run.stderr).toBe(0);
    const places = [...run.stdout.matchAll(/warning SESSION_IGNORED\n +spec\.state\.(\S+)/g)];
    expect(places.map(([, place]) => place)).toEqual([
      ...['storage.type', 'storage.config', 'storage.retention', 'context_window.strategy', 'persistence'],
    ]);
  });

  test.each([
    ['an agent', agentYaml()],
    [
      'a task',
      'apiVersion: x\nkind: Task\nmetadata: {name: t, version: 1.0.0}\nspec: {execution: {type: deterministic, entrypoint: run.sh}}\n',
    ],
  ])('the state management of OSSA 0.3.4 is left out, of %s', async (_, yaml) => {
    const older = yaml.replace(/^apiVersion: .*/, 'apiVersion: ossa/v0.3.4');
    const cwd = repository({ [agentPath]: `${older}state_management: {}\n` });
    const run = await pipewright(runArguments, { cwd });
    expect(run.stdout).toMatch(/warning SESSION_IGNORED\n +state_management is left out/);
  });

  test('what is honoured is not told', async () => {
    const run = await told('{mode: session, context_window: {max_messages: 50, max_tokens: 16000}}');
    expect([run.exitCode, run.stdout.includes('SESSION_')]).toEqual([0, false]);
  });
});

describe('encryption', () => {
  const asking = 'encryption: {enabled: true, algorithm: AES-256-GCM, keyRef: PIPEWRIGHT_SESSION_KEY}';
  const run = async (state: string, env: Readonly<Record<string, string>> = {}) => {
    const cwd = repository({ [agentPath]: agentYaml() });
    if (env.PIPEWRIGHT_SESSION_KEY !== undefined) await record(cwd, [turn('Done.')]);
    writeFiles(cwd, { [agentPath]: agentYaml({ state }) });
    return { cwd, run: await pipewright(runArguments, { cwd, env }) };
  };

  test.each([
    `{${asking}}`,
    `{storage: {${asking}}}`,
    '{encryption: {algorithm: AES-256-GCM}}',
    '{encryption: true}',
  ])('asked for and no key: it refuses, and nothing is kept: %s', async (state) => {
    const { cwd, run: refused } = await run(state);
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining('SESSION_ENCRYPTION_KEY'),
    ]);
    expect(existsSync(join(cwd, '.pipewright/sessions'))).toBe(false);
  });

  test('with a key it runs, and what of it is another than asked is told', async () => {
    const env = { PIPEWRIGHT_SESSION_KEY: randomBytes(32).toString('base64') };
    const { run: plain } = await run(`{${asking}}`, env);
    expect([plain.exitCode, plain.stdout.includes('SESSION_IGNORED')]).toEqual([0, false]);
    const { run: other } = await run(
      '{encryption: {enabled: true, algorithm: ChaCha20-Poly1305, keyRef: vault:secret/key}}',
      env,
    );
    expect(other.exitCode).toBe(0);
    expect(other.stdout).toMatch(/spec\.state\.encryption\.algorithm is left out[\s\S]*keyRef is left out/);
  });

  test('switched off it needs none', async () => {
    const { run: plain } = await run('{encryption: {enabled: false}}');
    expect(plain.stderr).not.toContain('SESSION_ENCRYPTION_KEY');
    expect(plain.stderr).toContain('turns.jsonl');
  });
});
