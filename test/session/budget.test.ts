import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parseUsd } from '../../components/kernel/money.ts';
import { type CliRun, pipewright } from '../support/cli.ts';
import { writeFiles } from '../support/workspace.ts';
import {
  agentPath,
  agentYaml,
  readOutput,
  record,
  repository,
  review,
  runArguments,
  sessionOf,
} from './support.ts';

const priced = 'claude-haiku-4-5';

/** Turns of a cent each. */
const turns = review.map((each) => ({ ...each, costPicoUsd: 10_000_000_000n }));

async function checkout(more = '', model = priced, script = turns) {
  const cwd = repository({ [agentPath]: agentYaml({ model, more }) });
  await record(cwd, script);
  const run = (...args: readonly string[]) => pipewright([...runArguments, ...args], { cwd });
  return { cwd, run };
}

function resultOf(cwd: string) {
  const result = readOutput(cwd, 'result');
  const schema = JSON.parse(readFileSync('schemas/session-result.schema.json', 'utf8'));
  const validate = new Ajv({ allErrors: true }).compile(schema);
  expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
  return result;
}

describe('of a session', () => {
  test('a call that could cost more than is left is not made, and the session goes on with more', async () => {
    const { cwd, run } = await checkout();
    const short = await run('--budget=0.03');
    expect(short.exitCode, short.stdout).toBe(23);
    expect(short.stdout).toContain('budget of this session: 0.03 USD\n');
    const reason =
      /^budget: the call could cost up to (0\.0\d+) USD, and (0\.0\d+) USD is left of this session's budget of 0\.03 USD$/m;
    const [, need = '', left = ''] = reason.exec(short.stdout) ?? [];
    // 4,096 tokens of output alone cost 0.02048 USD.
    expect(Number(need)).toBeGreaterThan(0.02048);
    expect(Number(left)).toBeLessThan(Number(need));
    expect(short.stdout).toContain('with a larger budget and otherwise the same inputs\n');
    const result = resultOf(cwd);
    expect(result).toMatchObject({
      outcome: 'budget',
      usage: { callsLost: 0, lostPicoUsd: '0', lostTokens: 0 },
    });
    expect(result.completion).toMatchObject({
      signal: 'blocked',
      error: { code: 'BUDGET_EXHAUSTED', recoverable: true },
    });
    const session = `--session=${sessionOf(short)}`;
    const shown = await pipewright(['sessions', 'show', sessionOf(short)], { cwd });
    expect(shown.stdout).toMatch(/budget: the call could cost up to/);
    // With no more than before it is no nearer to its end, and nothing is spent.
    const same = await run(session, '--budget=0.03');
    expect([same.exitCode, resultOf(cwd).usage.costPicoUsd]).toEqual([23, result.usage.costPicoUsd]);
    const more = await run(session, '--budget=0.5');
    expect([more.exitCode, resultOf(cwd).usage], more.stdout).toEqual([
      0,
      expect.objectContaining({ iterations: 3, costPicoUsd: '30000000000', lostPicoUsd: '0' }),
    ]);
  });

  test('nothing at all may be spent', async () => {
    const { run } = await checkout();
    const none = await run('--budget=0');
    expect([none.exitCode, none.stdout]).toEqual([23, expect.stringContaining('and 0 USD is left')]);
    expect(none.stdout).not.toContain('iteration 1');
  });

  test('a model nobody knows the price of: refused before anything begins, unless no budget is in money', async () => {
    const { cwd, run } = await checkout('', 'claude-sonnet-4-6');
    const refused = await run('--budget=1');
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('PRICE_UNKNOWN')]);
    expect(refused.stderr).toContain('the nearest that is known is claude-sonnet-4-');
    expect(existsSync(join(cwd, '.pipewright/sessions'))).toBe(false);
    writeFiles(cwd, {
      'prices.yaml':
        'format: pipewright/prices/v1\nprices: [{provider: anthropic, models: [claude-sonnet-4-6], input: "3", output: "15", source: "https://a.example", date: "2026-01-01"}]\n',
      'broken.yaml': 'format: pipewright/prices/v1\n',
    });
    expect((await run('--budget=1', '--prices=prices.yaml')).exitCode).toBe(0);
    const broken = await run('--prices=broken.yaml');
    expect([broken.exitCode, broken.stderr]).toEqual([2, expect.stringContaining('PRICE_FILE')]);
    expect((await run()).exitCode).toBe(0);
  });

  test('a budget that is no sum is refused, and none is taken from a variable', async () => {
    const { cwd, run } = await checkout();
    for (const budget of ['-1', '1e3', '1,5', 'NaN', '0.1234567', '1000000000']) {
      const refused = await run(`--budget=${budget}`);
      expect([refused.exitCode, refused.stderr], budget).toEqual([
        2,
        expect.stringContaining('INPUT_INVALID'),
      ]);
    }
    const env = {
      PIPEWRIGHT_BUDGET: '100',
      PIPEWRIGHT_BUDGET_DAY: '100',
      PIPEWRIGHT_ENFORCEMENT: 'best-effort',
      PIPEWRIGHT_PRICES: 'mine.yaml',
    };
    const ran = await pipewright(runArguments, { cwd, env });
    expect([ran.exitCode, ran.stderr.match(/INPUT_NOT_FROM_ENV/g)?.length]).toEqual([2, 4]);
  });

  test('a call that took more than it could is booked in full, told, and the last', async () => {
    const dear = turns.map((each) => ({ ...each, costPicoUsd: parseUsd('0.4') ?? 0n }));
    const { cwd, run } = await checkout('', priced, dear);
    const over = await run('--budget=0.3');
    expect(over.exitCode).toBe(23);
    expect(over.stderr).toMatch(
      /the call took more than was reserved for it \(120 tokens, 0\.4 USD; reserved \d+ tokens, 0\.0\d+ USD\)/,
    );
    expect(over.stdout).toContain("and 0 USD is left of this session's budget of 0.3 USD");
    expect(resultOf(cwd)).toMatchObject({ usage: { iterations: 1, costPicoUsd: '400000000000' } });
  });
});

describe('of a manifest', () => {
  const cost = (fields: string) => `constraints: {cost: {${fields}}}`;

  /** Runs one manifest after the other in one checkout. */
  async function ranWith(...manifests: readonly string[]) {
    const cwd = repository({ [agentPath]: agentYaml() });
    // What a manifest may spend stands in no request: one recording is of all.
    await record(cwd, turns);
    const runs: CliRun[] = [];
    for (const yaml of manifests) {
      writeFiles(cwd, { [agentPath]: yaml });
      runs.push(await pipewright(runArguments, { cwd }));
    }
    return runs;
  }

  test('of one call: input, output, and both', async () => {
    const rows = [
      [
        'constraints: {cost: {maxTokensPerRequest: 5000}}',
        /up to \d+ tokens, and its manifest allows one call 5000/,
      ],
      [
        'token_efficiency: {budget: {max_input_tokens: 2000}}',
        /tokens of input, and its manifest allows one call 2000/,
      ],
      [
        'token_efficiency: {budget: {max_output_tokens: 4095}}',
        /up to 4096 tokens of output, and its manifest/,
      ],
    ] as const;
    const runs = await ranWith(...rows.map(([more]) => agentYaml({ more }).replace('v0.3.5', 'v0.4')));
    for (const [index, run] of runs.entries())
      expect([run.exitCode, run.stdout], run.stderr).toEqual([
        23,
        expect.stringMatching(rows[index]?.[1] ?? ''),
      ]);
  });

  test('what cannot be kept is found at its place', async () => {
    const rows = [
      ['maxCostPerDay: -5', 'SESSION_FIELD'],
      ['maxCostPerDay: 0', 'SESSION_FIELD'],
      ['maxCostPerDay: .nan', 'OSSA_TYPE'],
      ['maxCostPerDay: 1000001', 'SESSION_FIELD'],
      ['maxCostPerDay: 0.30000000000000004', 'SESSION_FIELD'],
      ['maxTokensPerDay: 0', 'SESSION_FIELD'],
      ['maxCostPerDay: 5, currency: EUR', 'SESSION_UNSUPPORTED'],
    ] as const;
    const runs = await ranWith(...rows.map(([fields]) => agentYaml({ more: cost(fields) })));
    for (const [index, run] of runs.entries()) {
      expect(run.exitCode, run.stdout).toBe(20);
      expect(run.stdout).toMatch(new RegExp(`^${agentPath}:\\d+:\\d+ error ${rows[index]?.[1]}`, 'm'));
    }
  });

  test('that of 0.3.6: what is soft is no budget, and what is not enabled neither', async () => {
    const budget = (fields: string) => `token_efficiency: {token_budget: {${fields}, input_limit: 200}}`;
    const yaml = (fields: string) => agentYaml({ more: budget(fields) }).replace('v0.3.5', 'v0.3.6');
    const runs = await ranWith(
      ...['enabled: true, enforcement: soft', 'enabled: false', 'enabled: true'].map(yaml),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 23]);
    expect(runs.map(({ stdout }) => stdout.includes('this one is soft'))).toEqual([true, false, false]);
  });

  test('of a day: refused without a database, and at best effort held to by each session, with the bound', async () => {
    const { cwd, run } = await checkout(cost('maxCostPerDay: 0.1, maxTokensPerDay: 90000, currency: usd'));
    const refused = await run();
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('SESSION_DAY_BUDGET')]);
    expect(refused.stderr).toContain('budget of the agent reviewer for a day: 0.1 USD and 90000 tokens');
    expect(existsSync(join(cwd, '.pipewright/sessions'))).toBe(false);
    expect((await run('--budget-day=1')).stderr).toContain('budget of the project for a day: 1 USD');
    const held = await run('--enforcement=best-effort', '--budget=2', '--budget-day=0.06');
    expect(held.exitCode, held.stderr).toBe(0);
    expect(held.stdout).toContain(
      'no database counts a day: each session alone is held to 0.06 USD and 90000 tokens, so n sessions may take n times 0.06 USD and 90000 tokens in a day\n',
    );
    const tight = await run('--enforcement=best-effort', '--budget-day=0.02');
    expect([tight.exitCode, tight.stdout]).toEqual([23, expect.stringContaining('budget of 0.02 USD')]);
  });
});
