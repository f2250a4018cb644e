import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDefaultLevel } from '../../components/policy/default.ts';
import { coverageOf, uncovered } from '../../components/policy/testing/coverage.ts';
import { parseTests } from '../../components/policy/testing/parse.ts';
import { runTests } from '../../components/policy/testing/run.ts';

const folder = 'components/policy/default';
const level = await readDefaultLevel();
const files = readdirSync(folder).sort();
const tests = files
  .filter((name) => name.endsWith('.test.yaml'))
  .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(`${folder}/${name}`, 'utf8') }));

test('each decides what its tests want, and they show both sides of it', async () => {
  const { cases, findings } = await parseTests(tests);
  expect(findings).toEqual([]);
  const run = runTests([level], 'default', cases);
  expect(run.findings).toEqual([]);
  expect(run.passed).toBe(cases.length);
  const coverage = coverageOf(
    level,
    cases.map(({ request }) => request),
  );
  expect(uncovered(coverage)).toEqual([]);
});

test('the files are without mistakes, and each is called like its policy, with its test beside it', () => {
  expect(level.findings).toEqual([]);
  const wanted = level.policies.flatMap(({ name }) => [`${name}.policy.yaml`, `${name}.test.yaml`]);
  expect(wanted.sort()).toEqual(files);
});

test.each(files.filter((name) => name.endsWith('.policy.yaml')))('%s says why it is there', (file) => {
  expect(readFileSync(`${folder}/${file}`, 'utf8')).toMatch(/^# .{40}/);
});

test('every forbid says what to do', () => {
  const forbids = level.policies.filter(({ effect }) => effect === 'forbid');
  expect(forbids.filter(({ fix }) => fix === undefined)).toEqual([]);
});
