import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rules } from '../../components/lint-ci/rules.gen.ts';
import { lint, shown } from './lint.ts';

/** Pipelines as people write them: bad ones say at their end what is expected, good ones are close to a bad one. */
function casesIn(kind: 'bad' | 'good'): { readonly name: string; readonly text: string }[] {
  const folder = `test/lint-ci/cases/${kind}`;
  return readdirSync(folder).map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }));
}

function expectedOf(text: string): string[] {
  return [...text.matchAll(/^# expect: (.*)$/gm)].map(([, line = '']) => line);
}

const bad = casesIn('bad');
const good = casesIn('good');

test('there are at least forty of each', () => {
  expect(Math.min(bad.length, good.length)).toBeGreaterThanOrEqual(40);
});

test('every rule has a bad case', () => {
  const expected = bad.flatMap(({ text }) => expectedOf(text)).join('\n');
  expect(rules.filter(({ code }) => !expected.includes(` ${code}`)).map(({ id }) => id)).toEqual([]);
});

describe('bad', () => {
  test.each(bad)('$name', async ({ text }) => {
    const expected = expectedOf(text);
    expect(expected).not.toEqual([]);
    const found = (await lint(text)).filter(({ severity }) => severity !== 'info');
    expect(shown(found)).toEqual(expected);
  });
});

describe('good', () => {
  test.each(good)('$name', async ({ text }) => {
    const found = (await lint(text)).filter(({ severity }) => severity !== 'info');
    expect(shown(found)).toEqual([]);
  });
});
