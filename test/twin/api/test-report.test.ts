import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJunit } from '../../../components/twin/api/junit.ts';
import { testReportRoutes } from '../../../components/twin/api/test-report.ts';
import { addJob, addPipeline, startCi, storeArtifacts } from './ci-project.ts';

const report = `<?xml version="1.0" encoding="UTF-8"?>
<!-- made by a tool -->
<testsuites>
  <testsuite name="unit">
    <testcase classname="a" name="passes &amp; &#x41;" time="0.5"/>
    <testcase classname="a" name="fails" time='1.5' file="a.ts">
      <failure message="expected 1"><![CDATA[at <a.ts>]]></failure>
      <system-out>printed</system-out>
    </testcase>
    <testcase classname="a" name="fails"/>
    <testsuite name="inner"><testcase name="breaks"><error>boom</error></testcase></testsuite>
    <testcase name="waits"><skipped/></testcase>
  </testsuite>
</testsuites>`;

test('a pipeline shows the tests of its jobs', async () => {
  const { call, at, tokens, world, project } = await startCi(testReportRoutes, { described: true });
  const pipeline = addPipeline(world, project);
  const artifacts = storeArtifacts(
    world,
    { 'junit.xml': report },
    { files: [], reports: { junit: ['junit.xml'] } },
  );
  addJob(world, pipeline, { name: 'unit 1/2', key: 'unit', artifacts });
  addJob(world, pipeline, { name: 'lint' });
  const token = tokens.guest;
  const total = {
    total_time: 2,
    total_count: 4,
    success_count: 1,
    failed_count: 1,
    skipped_count: 1,
    error_count: 1,
  };
  const whole = await call('GET', `${at}/pipelines/1/test_report`, { token });
  expect(whole.json).toMatchObject({
    ...total,
    test_suites: [{ name: 'unit', ...total, suite_error: null }],
  });
  const summary = await call('GET', `${at}/pipelines/1/test_report_summary`, { token });
  expect(summary.json).toMatchObject({ total: { count: 4, failed: 1 }, test_suites: [{ build_ids: [1] }] });
});

test('a report that is no XML is an error of its suite', async () => {
  const { call, at, tokens, world, project } = await startCi(testReportRoutes);
  const artifacts = storeArtifacts(
    world,
    { 'j.xml': '<testsuite><testcase>' },
    { files: [], reports: { junit: ['j.xml'] } },
  );
  addJob(world, addPipeline(world, project), { artifacts });
  const { json } = await call('GET', `${at}/pipelines/1/test_report`, { token: tokens.guest });
  const mistake = 'JUnit XML parsing failed: <testcase> is not closed';
  expect(json).toMatchObject({ total_count: 0, test_suites: [{ suite_error: mistake }] });
});

test('of equal cases the first counts, and a failure says why', () => {
  expect(readJunit(report)).toMatchObject([
    { name: 'passes & A', status: 'success', time: 0.5 },
    { name: 'fails', status: 'failed', file: 'a.ts', output: 'expected 1\nat <a.ts>\nprinted' },
    { name: 'breaks', status: 'error', output: 'boom' },
    { name: 'waits', status: 'skipped' },
  ]);
});

test.each([
  ['', 'no single root element'],
  ['<a></b>', '</b> closes nothing'],
  ['<a b=c/>', 'no XML at character 0'],
  ['<!DOCTYPE a [<!ENTITY x "xx">]><a/>', 'no XML at character 0'],
  ['<a>'.repeat(300), 'elements are nested too deeply'],
])('refuses %j', (text, mistake) => {
  expect(readJunit(text)).toEqual({ mistake });
});

test('names and messages of any characters come back', () => {
  const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (name, message) => {
      const text = `<testcase name="${escaped(name)}"><failure message="${escaped(message)}"/></testcase>`;
      expect(readJunit(text)).toMatchObject([{ name, output: message }]);
    }),
  );
});
