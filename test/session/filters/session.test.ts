import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { directoryStore } from '../../stores/support.ts';
import { pipewright, testContext } from '../../support/cli.ts';
import {
  agentPath,
  agentYaml,
  logText,
  readOutput,
  record,
  repository,
  runArguments,
  runWith,
  scripted,
  sessionOf,
  turn,
} from '../support.ts';

const mail = 'jo.doe@acme.io';
const card = '4111 1111 1111 1111';
const token = `glpat-${'a1B2c3D4e5'.repeat(2)}`;

const turns = [
  turn('', ['read-file', { path: 'people.txt' }], ['read-file', { path: 'cards.txt' }]),
  turn(
    `I found ${mail}.`,
    ['propose_note', { body: `Ask ${mail}, please.` }],
    ['propose_note', { body: `${card}` }],
  ),
  turn('Done.'),
];

async function runOf(safety: string) {
  const cwd = repository({
    [agentPath]: agentYaml({ more: `safety: ${safety}` }),
    'people.txt': `Jo: ${mail}\ntoken ${token}\n`,
    'cards.txt': `${card}\n`,
  });
  await record(cwd, turns);
  const run = await pipewright(runArguments, { cwd });
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  return { cwd, run, log: await logText(cwd, sessionOf(run)), result: readOutput(cwd, 'result') };
}

describe('the filters of a session', () => {
  test('redact before a model reads and before a proposal leaves, block a result and a proposal, and replay the same', async () => {
    const { cwd, run, log, result } = await runOf(
      '{pii_detection: {enabled: true, types: [email], action: redact}, content_filtering: {categories: [card], action: block}}',
    );
    for (const text of [log, run.stdout, run.stderr, JSON.stringify(readOutput(cwd, 'proposals'))]) {
      expect(text).not.toContain(mail);
      expect(text).not.toContain(card);
      expect(text).not.toContain(token);
    }
    expect(log).toContain('1: Jo: [redacted: email]');
    expect(log).toContain('Withheld: it holds credit-card, which the manifest blocks.');
    expect(log).toContain('The arguments hold credit-card, which the manifest blocks: nothing is done.');
    expect(readOutput(cwd, 'proposals').proposals).toMatchObject([
      { kind: 'note', body: 'Ask [redacted: email], please.' },
    ]);
    expect(result).toMatchObject({
      dataClasses: ['payment', 'pii', 'secret'],
      filters: [
        { detector: 'credit-card', action: 'block', way: 'input', count: 1 },
        { detector: 'email', action: 'redact', way: 'input', count: 1 },
        { detector: 'credit-card', action: 'block', way: 'output', count: 1 },
        { detector: 'email', action: 'redact', way: 'output', count: 2 },
      ],
    });
    expect(run.stderr).toContain('1 email redacted (input)');
    // The cassette finds each request by its digest: a second run asks the same.
    const again = await pipewright(runArguments, { cwd });
    expect(again.exitCode).toBe(0);
    expect(readOutput(cwd, 'result').filters).toEqual(result.filters);
  });

  test('a warning lets through and counts; without rules the classes are known all the same', async () => {
    const warned = await runOf('{pii_detection: {types: [email], action: warn}}');
    expect(warned.log).toContain(mail);
    expect(warned.result).toMatchObject({
      dataClasses: ['payment', 'pii', 'secret'],
      filters: [
        { detector: 'email', action: 'warn', way: 'input', count: 1 },
        { detector: 'email', action: 'warn', way: 'output', count: 2 },
      ],
    });
    const off = await runOf('{pii_detection: {enabled: false, types: [email], action: block}}');
    expect(off.log).toContain(mail);
    expect(off.result).toMatchObject({ dataClasses: ['payment', 'pii', 'secret'] });
    expect(off.result.filters).toBeUndefined();
  });

  test('a prompt that holds what its manifest blocks asks no model', async () => {
    const cwd = repository({
      [agentPath]: agentYaml({
        role: `Write to ${mail}.`,
        more: 'safety: {pii_detection: {types: [email], action: block}}',
      }),
    });
    const context = testContext(cwd);
    const session = randomUUID();
    const log = await directoryStore(context, '.sessions').open(session, 'begin');
    const end = await runWith(context, { model: scripted([]), log, session });
    await log.close();
    expect([end.outcome, end.reason]).toEqual([
      'blocked',
      'its own prompt holds email, which its manifest blocks',
    ]);
  });
});
