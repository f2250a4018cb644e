import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanJson, cleanTurn } from '../../components/session/clean-turn.ts';
import { startWatch } from '../../components/session/deadline.ts';
import { withoutInvisible } from '../../components/session/hidden/invisible.ts';
import { compileSchema } from '../../components/session/json-schema.ts';
import { wrapUntrusted } from '../../components/session/untrusted.ts';
import { processorTime } from '../support/processor-time.ts';

const same = (text: string) => text;

describe('text of strangers', () => {
  test.each([
    ['zero width', 'a\u200bb\u200d\ufeffc', 'abc', 3],
    ['bidirectional', 'a\u202eb\u2066c', 'abc', 2],
    ['tags', 'a\u{e0041}\u{e0042}', 'a', 2],
    ['variation selectors', 'a\ufe0f\u{e0100}', 'a', 2],
    ['letters drawn as nothing', 'a\u3164\u115f', 'a', 2],
    ['control characters', 'a\u001b[2K\u0000\tb\n', 'a[2K\tb\n', 2],
    ['ends of lines', 'a\r\nb\rc', 'a\nbc', 1],
    ['half a surrogate pair', 'a\ud800b', 'ab', 1],
  ])('%s', (_, text, clean, removed) => {
    expect(withoutInvisible(text)).toEqual({ text: clean, removed });
  });

  test('none closes the mark around it', () => {
    const piece = fc.constantFrom('</', 'untrusted', '>', '<', '\u200b', '\n', 'UNTRUSTED', ' ', '/', 'x');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const wrapped = wrapUntrusted(pieces.join(''), 'repository', same);
        expect(wrapped.match(/<\/?untrusted/gi)).toEqual(['<untrusted', '</untrusted']);
      }),
    );
  });

  test('a secret that an invisible character splits is taken out', () => {
    const redact = (text: string) => text.replaceAll('s3cret', '[redacted]');
    expect(wrapUntrusted('s3\u200bcret', 'repository', redact)).toContain('[redacted]');
  });

  test('megabytes take no longer than their length', () => {
    const spent = processorTime();
    wrapUntrusted('<'.repeat(2_000_000), 'repository', same);
    wrapUntrusted('\u200b'.repeat(2_000_000), 'repository', same);
    expect(spent()).toBeLessThan(5_000);
  });
});

describe('what a model or a script says', () => {
  test('any JSON is kept as it is, but for what the cleaning changes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const json = JSON.parse(JSON.stringify(value));
        expect(cleanJson(json, same)).toEqual(json);
      }),
    );
  });

  test('names of prototypes are keys like others, and half surrogates are mended', () => {
    const cleaned = cleanJson(JSON.parse('{"__proto__": {"x": 1}, "constructor": "\\ud800"}'), (text) =>
      text.toWellFormed(),
    );
    expect(JSON.stringify(cleaned)).toBe('{"__proto__":{"x":1},"constructor":"\ufffd"}');
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test('arguments that nest too deep become null', () => {
    const deep = JSON.parse(`${'['.repeat(33)}1${']'.repeat(33)}`);
    const usage = { inputTokens: 1, outputTokens: 1 };
    const call = { id: 'a', name: 'b', arguments: deep };
    const cleaned = cleanTurn({ text: '', toolCalls: [call], usage, costPicoUsd: 0n }, same);
    expect(cleaned.toolCalls[0]?.arguments).toBeNull();
  });
});

describe('schemas of manifests', () => {
  test('a regular expression that backtracks elsewhere answers at once', async () => {
    const compiled = await compileSchema({ type: 'string', pattern: '^(a+)+$' });
    if (!compiled.ok) throw new Error(compiled.reason);
    const spent = processorTime();
    expect(compiled.check(`${'a'.repeat(100_000)}!`)).toHaveLength(1);
    expect(spent()).toBeLessThan(2_000);
  });

  test('unique items are compared in linear time, by value', async () => {
    const compiled = await compileSchema({ type: 'array', uniqueItems: true });
    if (!compiled.ok) throw new Error(compiled.reason);
    expect(
      compiled.check([
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toHaveLength(1);
    const spent = processorTime();
    expect(compiled.check(Array.from({ length: 50_000 }, (_, id) => ({ id })))).toEqual([]);
    expect(spent()).toBeLessThan(5_000);
  });

  test.each([
    ['look-behind', { pattern: '(?<=a)b' }],
    ['a reference to nowhere', { $ref: '#/definitions/x' }],
    ['a misspelt keyword', { typ: 'object' }],
    ['a promise', { $async: true }],
    ['a file of this machine', { $ref: 'file:///etc/passwd' }],
  ])('%s is refused', async (_, schema) => {
    expect(await compileSchema(schema)).toMatchObject({ ok: false });
  });
});

describe('time', () => {
  const clockAt = (times: { now: number; monotonic: number }) => ({
    clock: { now: () => times.now, monotonic: () => times.monotonic, sleep: async () => undefined },
  });

  test.each([
    [10 * 60_000, 9 * 60_000],
    [60 * 60_000, 54 * 60_000],
    [30_000, 0],
  ])('a job of %i ms gives a session %i', (job, share) => {
    const times = { now: 1_000, monotonic: 500 };
    const watch = startWatch(clockAt(times), { timeoutSeconds: undefined, deadline: 1_000 + job });
    expect(watch.left()).toBe(share);
    times.monotonic += share;
    expect([watch.left(), watch.isOver()]).toEqual([
      0,
      { outcome: 'continue', reason: 'the job is about to end' },
    ]);
  });

  test('the timeout of the manifest is an end that a person looks at, and no other job goes on', () => {
    const times = { now: 1_000, monotonic: 500 };
    const watch = startWatch(clockAt(times), { timeoutSeconds: 60, deadline: 1_000 + 600_000 });
    times.monotonic += 59_999;
    expect(watch.isOver()).toBeUndefined();
    times.monotonic += 540_000;
    expect(watch.isOver()).toEqual({ outcome: 'blocked', reason: 'its timeout of 60 s is over' });
  });

  test('without a limit it is never over', () => {
    const watch = startWatch(clockAt({ now: 0, monotonic: 0 }), {
      timeoutSeconds: undefined,
      deadline: undefined,
    });
    expect([watch.left(), watch.isOver()]).toEqual([Infinity, undefined]);
  });
});
