import { describe, expect, test } from 'vitest';
import { readCase } from './case-file.ts';
import { comparable, compare } from './figures.ts';
import { hasPeer } from './peer.ts';

// gitlab-ci-local runs whole pipelines by its own lights; where it implements a feature, both must come to the same.
describe.skipIf(!hasPeer())('the twin agrees with gitlab-ci-local', { concurrent: true }, () => {
  test.each(comparable())('%s', { timeout: 120_000 }, async (name) => {
    const one = readCase(name);
    const { twin, peer } = await compare(one);
    expect(twin, one.about).toEqual(peer);
  });
});

test('a good part of the cases is compared, not only what is easy', () => {
  expect(comparable().length).toBeGreaterThanOrEqual(40);
});
