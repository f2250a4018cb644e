import { describe, expect, test } from 'vitest';
import { caseNames, parseCase, readCase } from './case-file.ts';
import { observe } from './observe.ts';
import { runCase } from './run-case.ts';

// A case is what GitLab does: where the twin does something else, the twin is wrong.
describe('every pipeline feature behaves as its case says', { concurrent: true }, () => {
  test.each(caseNames())('%s', { timeout: 120_000 }, async (name) => {
    const one = readCase(name);
    const observed = await runCase(one, (twin, refused) => observe(twin, refused, one.expect));
    expect(observed, `${one.about} (${one.source})`).toEqual(one.expect);
  });
});

test('a case with a key that nobody reads is a mistake', () => {
  const text =
    'about: x\nsource: docs.gitlab.com/ci/\nexpect: { pipelines: [], enviroments: {} }\npeer: true\n';
  expect(() => parseCase('misspelt', text)).toThrow('/expect must NOT have additional properties');
});
