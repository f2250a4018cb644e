import { describe, expect, test } from 'vitest';
import { type Case, caseNames, parseCase, readCase } from './case-file.ts';
import { comparable, compare } from './figures.ts';
import { observe } from './observe.ts';
import { hasPeer } from './peer.ts';
import { runCase } from './run-case.ts';

const runs = new Map<string, ReturnType<typeof run>>();

/** Runs a case once, for what the twin made of it and for what gitlab-ci-local does. */
function ran(one: Case): ReturnType<typeof run> {
  const known = runs.get(one.name) ?? run(one);
  runs.set(one.name, known);
  return known;
}

function run(one: Case) {
  return runCase(one, async (twin, refused, folder) => {
    const observed = await observe(twin, refused, one.expect);
    const isCompared = comparedHere.includes(one.name) && hasPeer();
    return { observed, comparison: isCompared ? await compare(one, twin, folder) : undefined };
  });
}

// gitlab-ci-local's own run of a pipeline costs as much as the case itself, which says what GitLab does: of all that can be compared
// (`bench -- twin`) every eighth is here.
const comparedHere = comparable().filter((_, index) => index % 8 === 0);

// Each starts a GitLab of its own: every second is here, and all with PIPEWRIGHT_TEST_CASES=all, as before a change of the twin.
const isWhole = process.env.PIPEWRIGHT_TEST_CASES === 'all';
const casesHere = caseNames().filter(
  (name, index) => isWhole || index % 2 === 0 || comparedHere.includes(name),
);

// A case is what GitLab does: where the twin does something else, the twin is wrong.
describe('every pipeline feature behaves as its case says', { concurrent: true }, () => {
  test.each(casesHere)('%s', { timeout: 120_000 }, async (name) => {
    const one = readCase(name);
    expect((await ran(one)).observed, `${one.about} (${one.source})`).toEqual(one.expect);
  });
});

// gitlab-ci-local runs whole pipelines by its own lights; where it implements a feature, both must come to the same.
describe.skipIf(!hasPeer())(
  'the twin agrees with gitlab-ci-local (needs rsync)',
  { concurrent: true },
  () => {
    test.each(comparedHere)('%s', { timeout: 120_000 }, async (name) => {
      const one = readCase(name);
      const { comparison } = await ran(one);
      expect(comparison?.twin, one.about).toEqual(comparison?.peer);
      expect(Object.keys(comparison?.twin ?? {})).not.toEqual([]);
    });
  },
);

test('a good part of the cases is compared, not only what is easy', () => {
  expect(comparable().length).toBeGreaterThanOrEqual(40);
});

test('a case with a key that nobody reads is a mistake', () => {
  const text =
    'about: x\nsource: docs.gitlab.com/ci/\nexpect: { pipelines: [], enviroments: {} }\npeer: true\n';
  expect(() => parseCase('misspelt', text)).toThrow('/expect must NOT have additional properties');
});
