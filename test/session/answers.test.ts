import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { ModelTurn } from '../../components/models/types.ts';
import { agentReplay } from '../../components/session/agent-replay.ts';
import { withAnswerDue } from '../../components/session/answer-due.ts';
import { createArgumentCheck } from '../../components/session/argument-check.ts';
import { createAnswer } from '../../components/session/belt/answer.ts';
import type { Call } from '../../components/session/belt/types.ts';
import { eraseSession } from '../../components/session/erase.ts';
import { answerSession } from '../../components/session/person-answer.ts';
import type { Decided } from '../../components/session/records.ts';
import type { AgentEnd } from '../../components/session/run-agent.ts';
import type { Signal } from '../../components/session/types.ts';
import { signals } from '../../components/session/types.ts';
import { readRunnable } from '../../scripts/wire/run-manifest.ts';
import { directoryStore } from '../stores/support.ts';
import { testContext } from '../support/cli.ts';
import { workspace, writeFiles } from '../support/workspace.ts';
import { agentPath, agentYaml, repository, runWith, scripted, turn } from './support.ts';

const verdict = `{type: object, required: [verdict], additionalProperties: false, properties:
  {verdict: {enum: [good, bad]}, lines: {type: array, items: {type: integer}}, note: {type: string, pattern: "^[a-z @0-9.]*$"}}}`;

const answering = (schema = verdict, more = '') =>
  `{pipewright: {proposals: {note: {}}, answer: {description: Judge the change., schema: ${schema}}${more}}}`;

const yamlOf = (parts: Parameters<typeof agentYaml>[0] = {}) =>
  agentYaml({ extensions: answering(), ...parts });

const answer = (value: JsonValue) => ['answer', value] as const;
const good = answer({ verdict: 'good' });
const done = turn('Done.');

/** A session whose jobs one runs by hand. */
function open(parts: Parameters<typeof agentYaml>[0] = {}, change: Parameters<typeof testContext>[1] = {}) {
  const cwd = repository({ [agentPath]: yamlOf(parts) });
  const context = testContext(cwd, change);
  const [store, session] = [directoryStore(context, join(workspace(), 'sessions')), randomUUID()];
  let how: 'begin' | 'resume' = 'begin';
  const opened = async () => {
    const log = await store.open(session, how);
    how = 'resume';
    return log;
  };
  return {
    run: async (turns: readonly ModelTurn[], more: { acceptsChanges?: boolean } = {}): Promise<AgentEnd> => {
      const log = await opened();
      try {
        return await runWith(context, { model: scripted(turns), log, session, ...more });
      } finally {
        await log.close();
      }
    },
    say: async (text: string) => {
      const log = await opened();
      await answerSession(log, session, { text });
      await log.close();
    },
    erase: async () => {
      const log = await opened();
      await eraseSession(log, session);
      await log.close();
      return JSON.stringify((await store.read(session)).records.at(-1));
    },
    change: (yaml: string) => writeFiles(cwd, { [agentPath]: yaml }),
  };
}

const run = (turns: readonly ModelTurn[], ...rest: Parameters<typeof open>) => open(...rest).run(turns);

function resultsOf({ state }: AgentEnd): readonly string[] {
  return state.messages.flatMap((message) => (message.role === 'tool' ? [message.text] : []));
}

describe('an answer', () => {
  const schema = {
    type: 'object',
    required: ['verdict'],
    properties: { verdict: { enum: ['good', 'bad'] } },
  };
  const rules = { schema, digest: 'sha256:a', description: 'Judge it.' };
  const pouch = createAnswer(rules, createArgumentCheck());
  const take = async (input: JsonValue) => pouch.find('answer')?.({ name: 'answer', input } as Call);

  test('is asked for by a tool whose parameters are its schema', () => {
    expect(pouch.descriptions).toEqual([
      { name: 'answer', description: expect.stringMatching(/Judge it\.$/), parameters: schema },
    ]);
    expect(pouch.find('report')).toBeUndefined();
  });

  test('that fits is taken as it is', async () => {
    const value = { verdict: 'good', more: [1] };
    expect(await take(value)).toEqual({
      ...{ text: 'Taken.', failed: false },
      given: { schema: 'sha256:a', value },
    });
  });

  test.each<[string, JsonValue, RegExp]>([
    ['another word', { verdict: 'fine' }, /verdict is "fine", expected one of: good, bad/],
    ['no mapping', 'good', /expected/],
    ['nothing', null, /expected/],
    ['too large', { verdict: 'good', more: 'x'.repeat(65_536) }, /has 65\d{3} bytes of JSON, at most 65536/],
  ])('that is %s is a failed call, which says what is wrong', async (_, value, words) => {
    const said = await take(value);
    expect(said).toEqual({ text: expect.stringMatching(words), failed: true, misfits: true });
    expect(said?.text).toMatch(/^Not taken\. /);
  });

  test('that fits counts, the last one, and one that does not fit takes none away', async () => {
    const wrong = answer({ verdict: 'fine', lines: [1, 'two'], extra: 1 });
    const end = await run([turn('', good), turn('', answer({ verdict: 'bad', lines: [1] }), wrong), done]);
    const [, , said = ''] = resultsOf(end);
    for (const word of ['lines[1]', 'good, bad', 'extra']) expect(said).toContain(word);
    expect(end).toMatchObject({ outcome: 'complete', state: { errors: 1, calls: 3 } });
    expect(end.state.given).toEqual({
      schema: expect.stringMatching(/^sha256:/),
      value: { verdict: 'bad', lines: [1] },
    });
    expect(agentReplay.load(agentReplay.save(end.state))).toEqual(end.state);
  });

  test('is filtered as all that a model says', async () => {
    const more = 'safety: {content_filtering: {enabled: true, categories: [pii], action: block}}';
    const card = answer({ verdict: 'bad', note: '4111 1111 1111 1111' });
    const blocked = await run([turn('', card, answer(nested(40))), done, done], { more });
    expect(resultsOf(blocked)[0]).toContain('which the manifest blocks');
    expect(resultsOf(blocked)[1]).toContain('Not taken.');
    expect([blocked.outcome, blocked.state.given]).toEqual(['blocked', undefined]);
  });

  test('has no secret in it', async () => {
    const redact = (text: string) => text.replaceAll('s3cret', 'x');
    const clean = await run([turn('', answer({ verdict: 'bad', note: 's3cret' })), done], {}, { redact });
    expect(clean.state.given?.value).toEqual({ verdict: 'bad', note: 'x' });
  });

  test('of an agent that declares none is no tool', async () => {
    const end = await run([turn('', good), done], { extensions: '{pipewright: {}}' });
    expect(resultsOf(end)[0]).toMatch(/^There is no tool "answer"/);
    expect(end).toMatchObject({ outcome: 'complete', state: { given: undefined } });
  });
});

function nested(depth: number): JsonValue {
  return depth === 0 ? 1 : { lines: nested(depth - 1) };
}

describe('an agent that ends without its answer', () => {
  const missing = 'it has ended without the answer that its manifest declares';

  test('is told so once, and completes when it answers then', async () => {
    const end = await run([done, turn('', good), done]);
    expect(end).toMatchObject({ outcome: 'complete', state: { iterations: 3 } });
    expect(end.state.messages[1]).toEqual({
      role: 'user',
      text: expect.stringContaining('Your answer is missing'),
    });
  });

  test('and does again is blocked; in another job it is told once more', async () => {
    const session = open();
    expect(await session.run([done, done])).toMatchObject({ outcome: 'blocked', reason: missing });
    await session.say('Say good.');
    const end = await session.run([done, done, done, turn('', good), done]);
    expect(end).toMatchObject({ outcome: 'complete', state: { given: { value: { verdict: 'good' } } } });
  });

  test('by a condition is told so behind the results of its calls', async () => {
    const completion = 'signals: [{signal: complete, condition: confidence >= 0.8}]';
    const end = await run([turn('', ['report', { confidence: 1 }]), turn('', good)], { completion });
    expect(end).toMatchObject({ outcome: 'complete', reason: 'confidence >= 0.8 holds' });
    expect(end.state.messages.map(({ role }) => role)).toEqual([
      ...['assistant', 'tool', 'user'],
      ...['assistant', 'tool'],
    ]);
  });

  test('since none of five fits is blocked, and goes on when a person helps', async () => {
    const session = open();
    const wrong = turn('', answer({ verdict: 'fine' }));
    const end = await session.run(Array.from({ length: 9 }, () => wrong));
    expect(end).toMatchObject({ outcome: 'blocked', reason: 'its answer did not fit 5 times' });
    await session.say('It is good or bad.');
    const after = await session.run([...Array.from({ length: 5 }, () => wrong), turn('', good), done]);
    expect(after.outcome).toBe('complete');
  });
});

describe('from job to job', () => {
  const completion = 'signals: [{signal: escalate, condition: iteration_count == 1}]';

  test('an answer stays, and nothing of it is asked or paid again', async () => {
    const session = open({ completion });
    const first = await session.run([turn('', good)]);
    expect(first).toMatchObject({ outcome: 'escalate', state: { given: { value: { verdict: 'good' } } } });
    await session.say('Go on.');
    const end = await session.run([turn('', good), done]);
    expect(end).toMatchObject({ outcome: 'complete', state: { iterations: 2 } });
    expect(end.state.given).toEqual(first.state.given);
    expect(await session.erase()).not.toContain('verdict');
  });

  test('under a manifest that wants another answer it is due again', async () => {
    const session = open({ completion });
    await session.run([turn('', good)]);
    await session.say('Go on.');
    const wider = verdict.replace('[good, bad]', '[good, bad, ugly]');
    session.change(yamlOf({ completion, extensions: answering(wider) }));
    const turns = [turn('', good), done, turn('', answer({ verdict: 'ugly' })), done];
    const end = await session.run(turns, { acceptsChanges: true });
    expect(end).toMatchObject({ outcome: 'complete', state: { given: { value: { verdict: 'ugly' } } } });
  });
});

test('no session is complete without the answer that is declared, whatever was decided', () => {
  const rules = { schema: {}, digest: 'sha256:a', description: undefined };
  const stateOf = fc.record({
    given: fc.constantFrom(undefined, { schema: 'sha256:a', value: {} }, { schema: 'sha256:b', value: {} }),
    misfits: fc.nat(8),
    isReminded: fc.boolean(),
  });
  const all = [stateOf, fc.constantFrom(...signals), fc.constantFrom('now', 'later', 'never')] as const;
  fc.assert(
    fc.property(...all, (part, signal: Signal, reminding) => {
      const state = { ...agentReplay.empty, ...part };
      const decided: Decided = { signal, reason: 'r', notes: [] };
      const found = withAnswerDue(rules, state, decided, reminding);
      const isGiven = part.given?.schema === rules.digest;
      expect(withAnswerDue(undefined, state, decided, reminding)).toBe(decided);
      if (isGiven || signal === 'blocked' || signal === 'escalate') expect(found).toBe(decided);
      else expect(found.signal).not.toBe('complete');
      // What it is told it is told once.
      if (found.reminds)
        expect([part.isReminded, reminding, found.signal]).toEqual([false, 'now', 'continue']);
    }),
  );
});

describe('a manifest whose answer cannot be used', () => {
  const findings = async (extensions: string) => {
    const text = agentYaml({ extensions });
    const read = await readRunnable({ path: agentPath, text }, () => ({}));
    const found = read.findings.filter(({ code }) => code.startsWith('SESSION_'));
    return found.map(({ code, line, path, message }) => `${code}:${line} ${path}: ${message}`);
  };

  test.each([
    ['no mapping', '{type: array, items: {}}', /^SESSION_EXTENSION.*answer\.schema\.type/],
    [
      'a misspelt keyword',
      '{type: object, properties: {a: {maxLenght: 1}}}',
      /^SESSION_EXTENSION.*maxLenght/,
    ],
    ['a name that providers refuse', '{type: object, properties: {"a b": {}}}', /^SESSION_EXTENSION/],
    ['a reference', '{type: object, properties: {a: {$ref: "#"}}}', /^SESSION_EXTENSION.*\$ref/],
    [
      'a pattern beyond RE2',
      '{type: object, properties: {a: {items: {pattern: "(?=x)"}}}}',
      /^SESSION_SCHEMA.*answer\.schema\.properties\.a\.items\.pattern: the pattern "\(\?=x\)"/,
    ],
    [
      'a large pattern',
      '{type: object, properties: {a: {pattern: "(a{30}){30}"}}}',
      /^SESSION_SCHEMA.*it has \d+ steps/,
    ],
    [
      'a required field that is none',
      '{type: object, properties: {verdict: {}}, required: [verdcit]}',
      /^SESSION_SCHEMA.*required\[0\]: the field "verdcit" is required/,
    ],
    ['no fields', '{type: object}', /^SESSION_EXTENSION.*lacks "properties"/],
  ])('by %s is refused at its place', async (_, schema, words) => {
    const found = await findings(answering(schema));
    expect(
      found.filter((each) => words.test(each)),
      found.join('\n'),
    ).toHaveLength(1);
  });

  test('since it is too large is refused', async () => {
    const long = 'x'.repeat(900);
    const fields = Array.from({ length: 20 }, (_, at) => `f${at}: {description: ${long}}`);
    const found = await findings(answering(`{type: object, properties: {${fields.join(', ')}}}`));
    expect(found).toEqual([expect.stringMatching(/^SESSION_SCHEMA.*the schema has 1\d{4} bytes/)]);
  });

  test('and whose tool takes the name is told', async () => {
    const tools = ', tools: {functions: {answer: {entrypoint: a.sh, description: Answers.}}}';
    expect(await findings(answering(verdict, tools))).toEqual([
      expect.stringMatching(/^SESSION_FIELD.*the name "answer" is taken/),
    ]);
  });
});
