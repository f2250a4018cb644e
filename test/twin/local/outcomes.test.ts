import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, tryLocal } from './harness.ts';

const ok = { script: ['true'] };

test('stages, artifacts, reports, dotenv and after_script go as on GitLab', async () => {
  const folder = makeProject(
    {
      stages: ['build', 'test'],
      default: { image: 'alpine', services: ['postgres'] },
      make: {
        stage: 'build',
        script: ['mkdir out; cp a.txt "out/b c.txt"', 'echo COLOR=blue > v.env', 'echo "<x/>" > junit.xml'],
        after_script: ['test -f junit.xml', 'echo "after: $CI_JOB_STATUS" >> "out/b c.txt"'],
        artifacts: { paths: ['out/'], reports: { dotenv: 'v.env', junit: 'junit.xml' } },
      },
      warns: {
        stage: 'build',
        script: ['echo glpat-abcdefghij0123456789', 'exit 7'],
        allow_failure: { exit_codes: [7] },
      },
      use: { stage: 'test', script: ['cat "out/b c.txt"', 'echo "color $COLOR"'] },
    },
    { 'a.txt': 'one\n' },
  );
  const ran = await tryLocal(folder);
  expect(ran.failed).toBe(false);
  expect(ran.pipeline).toMatchObject({ status: 'success', message: 'pipeline passed' });
  expect(ran.outcomes).toEqual({ make: 'success', warns: 'failed (allowed)', use: 'success' });
  expect(ran.job('warns')).toMatchObject({ exitCode: 7, stage: 'build', when: 'on_success' });
  const artifact = (file: string) => readFile(join(ran.artifacts('make'), file), 'utf8');
  expect(await artifact('out/b c.txt')).toBe('one\nafter: success\n');
  expect(await artifact('junit.xml')).toBe('<x/>\n');
  expect(await ran.log('use')).toContain('color blue');
  // Secrets leave neither in the tail nor in the log file.
  expect(ran.job('warns').tail.at(-1)).toBe('$ exit 7');
  expect(ran.job('warns').tail.join() + (await ran.log('warns'))).not.toContain('abcdefghij0123456789');
  expect(ran.pipeline.notes).toContain('services: no service is started (default of all jobs)');
});

test('a failed job stops later stages, not on_failure and always; a code that is not allowed fails', async () => {
  const folder = makeProject({
    stages: ['test', 'deploy'],
    unit: {
      script: ['printf "\\033[31mred\\033[0m \\007bell\\n"; exit 3'],
      allow_failure: { exit_codes: [4] },
    },
    lint: {
      ...{ script: ['echo lint > l.txt; exit 1'], allow_failure: true },
      artifacts: { paths: ['l.txt'], when: 'on_failure' },
    },
    deploy: { stage: 'deploy', ...ok },
    independent: { stage: 'deploy', needs: ['lint'], script: ['cat l.txt'] },
    alarm: { stage: 'deploy', when: 'on_failure', ...ok },
    tidy: { stage: '.post', when: 'always', ...ok },
    calm: { stage: 'deploy', needs: ['lint'], when: 'on_failure', ...ok },
  });
  const ran = await tryLocal(folder);
  expect(ran.failed).toBe(true);
  expect(ran.pipeline).toMatchObject({ status: 'failed', message: 'pipeline failed: unit' });
  expect(ran.outcomes).toEqual({
    ...{ unit: 'failed', lint: 'failed (allowed)', deploy: 'skipped', independent: 'success' },
    ...{ alarm: 'success', tidy: 'success', calm: 'skipped' },
  });
  expect(ran.job('unit').tail).toContain('red \\u0007bell');
  expect(ran.job('deploy').reason).toBe('unit failed');
});

test('names of jobs may be anything; parallel and matrix jobs are called as on GitLab', async () => {
  const folder = makeProject({
    '--odd: näme/../[1]': { script: ['echo "$CI_JOB_NAME" > n.txt'], artifacts: { paths: ['n.txt'] } },
    split: { parallel: 2, script: ['test "split $CI_NODE_INDEX/$CI_NODE_TOTAL" = "$CI_JOB_NAME"'] },
    grid: { parallel: { matrix: [{ OS: ['linux', 'mac'], N: '1' }] }, script: ['test "$OS" = linux'] },
    one: { needs: [{ job: 'grid', parallel: { matrix: [{ OS: 'linux', N: '1' }] } }], ...ok },
    after: { needs: ['grid'], ...ok },
    named: { needs: ['grid: [linux, 1]', 'split 1/2'], dependencies: ['split 1/2'], ...ok },
  });
  const ran = await tryLocal(folder);
  expect(ran.outcomes).toEqual({
    ...{ '--odd: näme/../[1]': 'success', 'split 1/2': 'success', 'split 2/2': 'success', named: 'success' },
    ...{ 'grid: [linux, 1]': 'success', 'grid: [mac, 1]': 'failed', one: 'success', after: 'skipped' },
  });
  expect(await readFile(join(ran.artifacts('--odd: näme/../[1]'), 'n.txt'), 'utf8')).toBe(
    '--odd: näme/../[1]\n',
  );
});

test('a manual job waits to be played, and a blocking one holds up what comes after it', async () => {
  const folder = makeProject({
    stages: ['build', 'gate', 'deploy'],
    build: { stage: 'build', ...ok },
    optional: { stage: 'build', when: 'manual', ...ok },
    gate: { stage: 'gate', rules: [{ when: 'manual' }], ...ok },
    needing: { stage: 'gate', needs: ['optional'], ...ok },
    deploy: { stage: 'deploy', ...ok },
  });
  const ran = await tryLocal(folder);
  expect(ran.failed).toBe(false);
  expect(ran.pipeline).toMatchObject({
    ...{ status: 'blocked', message: 'pipeline blocked: waits for the manual job gate' },
  });
  expect(ran.outcomes).toEqual({
    ...{ build: 'success', optional: 'manual', gate: 'manual', needing: 'skipped', deploy: 'skipped' },
  });
  expect(ran.job('deploy').reason).toBe('waits for the manual job gate');
});

test('GitLab creates no pipeline of .pre and .post jobs only, none against workflow:rules', async () => {
  const edges = await tryLocal(makeProject({ check: { stage: '.pre', ...ok } }));
  expect(edges).toMatchObject({ failed: false, pipeline: { status: 'none' } });
  expect(edges.pipeline.message).toMatch(/^Pipeline will not run for the selected trigger\./);
  const workflow = { rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }] };
  const filtered = await tryLocal(makeProject({ workflow, unit: ok }));
  expect(filtered.pipeline).toMatchObject({
    ...{ status: 'none', message: 'Pipeline filtered out by workflow rules.' },
  });
});

test('a need that rules leave out makes GitLab refuse the pipeline', async () => {
  const never = { rules: [{ if: '$NOPE' }], ...ok };
  const refused = await tryLocal(makeProject({ a: never, b: { needs: ['a'], ...ok } }));
  expect(refused).toMatchObject({ failed: true, pipeline: { status: 'failed' } });
  expect(refused.pipeline.message).toMatch(
    /^pipeline failed: 'b' job needs 'a' job, but 'a' does not exist in the pipeline\./,
  );
  const optional = { needs: [{ job: 'a', optional: true }], ...ok };
  expect((await tryLocal(makeProject({ a: never, b: optional }))).outcomes).toEqual({
    ...{ b: 'success', a: 'not in this pipeline' },
  });
});

test('says once what this machine cannot honour', async () => {
  const folder = makeProject({
    a: {
      ...{ image: 'x', tags: ['t'], retry: 2, timeout: '1h', resource_group: 'r', ...ok },
      ...{ id_tokens: { T: { aud: 'x' } }, secrets: {}, cache: { paths: ['c'] } },
    },
    b: { image: 'x', tags: ['t'], ...ok },
  });
  const { notes } = (await tryLocal(folder)).pipeline;
  expect(notes).toContain('tags: this machine takes every job (a, b)');
  // What the twin does itself is not said.
  expect(notes.map((note) => note.split(':')[0])).toEqual(['image', 'tags', 'secrets', 'cache']);
});
