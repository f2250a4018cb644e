import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import { Failures } from '../../components/kernel/failure.ts';
import { openCassette, recordLine } from '../../components/models/cassette.ts';
import type { Message, ModelRequest, ModelTurn } from '../../components/models/types.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';

const turn: ModelTurn = {
  text: 'Looks fine.',
  toolCalls: [{ id: 'c1', name: 'read-diff', arguments: { path: 'a.ts' } }],
  usage: { inputTokens: 12, outputTokens: 3 },
  costPicoUsd: 123_456_789_012_345_678n,
};

function request(...texts: string[]): ModelRequest {
  const messages: Message[] = [
    { role: 'system', text: 'You review.' },
    ...texts.map((text): Message => ({ role: 'user', text })),
  ];
  return { provider: 'anthropic', model: 'm', temperature: 0, maxOutputTokens: 100, messages, tools: [] };
}

function open(text: string) {
  return openCassette(testContext(workspace({ 'c.jsonl': text })), 'c.jsonl');
}

async function missOf(recorded: readonly ModelRequest[], wanted: ModelRequest): Promise<string> {
  const model = await open(recorded.map((each) => recordLine(each, turn)).join(''));
  const error = await model.generate(wanted).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'MODEL_CASSETTE_MISS', kind: 'misuse' });
  return (error as Error).message;
}

describe('a cassette', () => {
  test('answers a request with its turn, however often, to the last digit of its price', async () => {
    const model = await open(
      recordLine(request('hi'), turn) + recordLine(request('ho'), { ...turn, text: '2' }),
    );
    expect(model.id).toBe('cassette');
    expect(await model.generate(request('hi'))).toEqual(turn);
    expect(await model.generate(request('hi'))).toEqual(turn);
    expect(await model.generate(request('ho'))).toEqual({ ...turn, text: '2' });
  });

  test('any turn comes back as it was recorded', async () => {
    const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
    const call = fc.record({ id: fc.string({ unit: 'grapheme' }), name: fc.string(), arguments: json });
    const arbitrary = fc.record({
      text: fc.string({ unit: 'grapheme' }),
      toolCalls: fc.array(call, { maxLength: 3 }),
      usage: fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat() }),
      costPicoUsd: fc.bigInt({ min: 0n, max: 10n ** 29n }),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.string({ unit: 'grapheme' }), async (recorded, text) => {
        const model = await open(recordLine(request(text), recorded));
        expect(await model.generate(request(text))).toEqual(recorded);
      }),
      { numRuns: 50 },
    );
  });

  test('the order of keys makes no other request', async () => {
    const { messages, ...rest } = request('hi');
    const model = await open(recordLine({ messages, ...rest }, turn));
    expect(await model.generate({ ...rest, messages })).toEqual(turn);
  });

  test('one that is not there is said to be missing', async () => {
    await expect(openCassette(testContext(workspace()), 'none.jsonl')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});

describe('a miss says what differs', () => {
  test('the line of a text, around the place', async () => {
    const long = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
    const message = await missOf([request(long)], request(long.replace('line 31', 'line 31 changed')));
    expect(message).toContain('no turn for this request of 2 messages');
    expect(message).toContain('the nearest is line 1, and messages[1].text differs in its line 32');
    expect(message).toContain('recorded "line 31", now "line 31 changed"');
  });

  test('the model before what follows from it', async () => {
    const message = await missOf([request('hi')], { ...request('ho'), model: 'other' });
    expect(message).toContain('and model differs: recorded "m", now "other"');
  });

  test('what is there and was not', async () => {
    const message = await missOf([request('a')], {
      ...request('a'),
      tools: [{ name: 't', description: '', parameters: {} }],
    });
    expect(message).toContain('tools[0] differs: recorded nothing, now a mapping');
  });

  test('the nearest has as many messages, then agrees for the longest', async () => {
    const message = await missOf(
      [request('x'), request('a', 'b'), request('a', 'c', 'd')],
      request('a', 'z'),
    );
    expect(message).toContain('the nearest is line 2, and messages[2].text differs: recorded "b", now "z"');
  });

  test('one message more than any', async () => {
    const message = await missOf([request('a')], request('a', 'b'));
    expect(message).toContain('messages[2] differs: recorded nothing, now a mapping');
  });

  test('without the secrets in it', async () => {
    const token = `glpat-${'x'.repeat(20)}`;
    const message = await missOf([request('hello')], request(`hello ${token}`));
    expect(message).not.toContain(token);
    expect(message).toContain('[redacted]');
  });
});

describe('a cassette that is not as it was recorded', () => {
  const whole = recordLine(request('hi'), turn);
  const changed = (change: (entry: Record<string, never>) => void) => {
    const entry = JSON.parse(whole);
    change(entry);
    return JSON.stringify(entry);
  };

  test.each<[string, string, string]>([
    ['empty', '\n\n', 'c.jsonl:1: it holds no turn'],
    ['no JSON', `${whole}{"request":`, 'c.jsonl:2: the line is not JSON'],
    ['a list', '[]', 'c.jsonl:1: the line is a list, expected a mapping'],
    ['a changed request', whole.replace('"hi"', '"ho"'), 'c.jsonl:1: digest is "sha256:'],
    ['no request', changed((entry) => delete entry.request), 'request is no mapping with a list of messages'],
    ['no turn', changed((entry) => delete entry.turn), 'turn.text is nothing, expected text'],
    [
      'a price as a number',
      changed((entry) => Object.assign(entry.turn ?? {}, { costPicoUsd: 1 })),
      'turn.costPicoUsd is 1',
    ],
    [
      'no tokens',
      changed((entry) => Object.assign(entry.turn ?? {}, { usage: {} })),
      'turn.usage.inputTokens is nothing',
    ],
    [
      'a call without a name',
      changed((entry) => Object.assign(entry.turn ?? {}, { toolCalls: [{ id: 'x' }] })),
      'turn.toolCalls[0] is a mapping, expected a mapping with id, name',
    ],
    ['half a character', whole.replace('Looks fine.', '\\ud800'), 'turn is no JSON of ours'],
    [
      'nesting without end',
      whole.replace('"a.ts"', `${'['.repeat(50_000)}${']'.repeat(50_000)}`),
      'turn is no JSON of ours',
    ],
    [
      'two turns for one request',
      whole + recordLine(request('hi'), { ...turn, text: 'no' }),
      'c.jsonl:2: line 1 has another turn for the same request',
    ],
  ])('%s', async (_, text, message) => {
    const error = await open(text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failures);
    expect((error as Failures).failures[0]).toMatchObject({ code: 'MODEL_CASSETTE_INVALID', kind: 'misuse' });
    expect((error as Failures).message).toContain(message);
  });

  test('every mistake of it is told at once', async () => {
    const error = await open(`nonsense\n${whole}{}\n`).catch((thrown: unknown) => thrown);
    expect((error as Failures).failures.length).toBeGreaterThan(4);
  });

  test('a turn that stands twice is no mistake', async () => {
    await expect(open(whole + whole)).resolves.toMatchObject({ id: 'cassette' });
  });
});

test('opens no socket and reads its file alone', async () => {
  const context = testContext(workspace({ 'd/c.jsonl': recordLine(request('hi'), turn) }), {
    fetch: () => Promise.reject(new Error('no network')),
    exec: () => Promise.reject(new Error('no program')),
  });
  const model = await openCassette(context, join('d', 'c.jsonl'));
  expect(await model.generate(request('hi'))).toEqual(turn);
});
