import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type JsonValue } from '../../components/kernel/canonical.ts';
import { changesBetween, changesInWords, contentOf } from '../../components/session/manifest-changes.ts';

const same = (text: string) => text;
const words = (before: JsonValue, after: JsonValue) => changesInWords(changesBetween(before, after));

test('what was changed, is new and is gone, each at its place', () => {
  const before = { spec: { role: 'Review.', tools: [{ name: 'read_diff' }], llm: { temperature: 0 } } };
  const after = {
    spec: { role: 'Review less.', tools: [{ name: 'read_diff' }, { name: 'x' }], llm: {}, a: [1] },
  };
  expect(words(before, after)).toBe(
    'spec.role was "Review.", and is "Review less."; spec.tools[1] is new: a mapping; ' +
      'spec.llm.temperature is gone: 0; spec.a is new: a list of 1',
  );
});

test('of long texts the part that differs', () => {
  const long = 'You review one change. '.repeat(20);
  expect(words({ role: `${long}Be kind.` }, { role: `${long}Be harsh.` })).toBe(
    'role was "…ge. You review one change. Be kind.", and is "…ge. You review one change. Be harsh."',
  );
});

test('a layout, or a log that does not know', () => {
  expect(words({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe('nothing of what it says, only how it is written');
  expect(changesInWords(changesBetween(undefined, {}))).toBe(
    'its log does not hold what the manifest said then',
  );
});

test('many changes are counted and not listed', () => {
  const of = (value: number) =>
    Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, value]));
  const text = words(of(1), of(2));
  expect(text.match(/ was /g)).toHaveLength(20);
  expect(text).toMatch(/; and 30 more$/);
});

test('of any two manifests: told exactly where they differ, in few words that show what they are', () => {
  const values = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
  const hostile = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => ({ [text]: [text] }));
  const any = fc.oneof(values, hostile);
  fc.assert(
    fc.property(any, any, (a, b) => {
      const [before, after] = [contentOf(a, same), contentOf(b, same)];
      const known = changesBetween(before, after);
      if (before === undefined || after === undefined) return expect(known).toBeUndefined();
      const isSame = canonicalJson(before) === canonicalJson(after);
      expect(known?.changes.length === 0).toBe(isSame);
      const text = changesInWords(known);
      expect(text).not.toMatch(/[\p{Cc}\p{Cs}\p{Cf}]/u);
      expect(text.length).toBeLessThan(20 * 450 + 100);
    }),
    { numRuns: 50 },
  );
});

test('what no log keeps: numbers that are no JSON, what nests too deep, what is too large', () => {
  const deep = Array.from({ length: 40 }).reduce<JsonValue>((value) => [value], 1);
  for (const data of [{ a: Number.NaN }, { a: Number.POSITIVE_INFINITY }, deep, { a: 'x'.repeat(300_000) }])
    expect(contentOf(data, same)).toBeUndefined();
  expect(contentOf({ a: 'token' }, () => '[x]')).toEqual({ '[x]': '[x]' });
});
