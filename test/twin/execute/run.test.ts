import { expect, test } from 'vitest';
import { reasonOf } from '../../../components/twin/execute/gitlab-ci-local.ts';
import { makeProject, tryPipeline } from './harness.ts';

test('stages, artifacts, reports, dotenv and after_script go as on GitLab', async () => {
  const folder = makeProject({ 'a.txt': 'one\n' });
  const ran = await tryPipeline(folder, {
    stages: ['build', 'test'],
    default: { image: 'alpine', services: ['postgres'] },
    make: {
      stage: 'build',
      script: [
        'mkdir -p out',
        'cp a.txt "out/b c.txt"',
        'echo COLOR=blue > v.env',
        'echo "<x/>" > junit.xml',
      ],
      after_script: ['test -f junit.xml', 'echo "after: $CI_JOB_STATUS" >> "out/b c.txt"'],
      artifacts: { paths: ['out/'], reports: { dotenv: 'v.env', junit: 'junit.xml' } },
    },
    warns: {
      stage: 'build',
      script: ['echo glpat-abcdefghij0123456789', 'exit 7'],
      allow_failure: { exit_codes: [7] },
    },
    use: { stage: 'test', script: ['cat "out/b c.txt"', 'echo "color $COLOR"'] },
  });
  expect(ran.status).toBe('success');
  expect(ran.outcomes).toEqual({ make: 'success', warns: 'failed (allowed)', use: 'success' });
  expect(ran.job('warns')).toMatchObject({ exitCode: 7, stage: 'build', when: 'on_success' });
  expect(await ran.artifact('make', 'out/b c.txt')).toBe('one\nafter: success\n');
  expect(await ran.artifact('make', 'junit.xml')).toBe('<x/>\n');
  expect(await ran.log('use')).toContain('color blue');
  // Secrets leave neither in the tail nor in the log file.
  expect(ran.job('warns').tail.at(-1)).toBe('$ exit 7');
  expect(ran.job('warns').tail.join() + (await ran.log('warns'))).not.toContain('abcdefghij0123456789');
  expect(ran.notes).toContain('services: no service is started (default of all jobs)');
});

test('a failed job stops later stages, not on_failure and always; a code that is not allowed fails', async () => {
  const folder = makeProject({});
  const ran = await tryPipeline(folder, {
    stages: ['test', 'deploy'],
    unit: {
      script: ['printf "\\033[31mred\\033[0m \\007bell\\n"; exit 3'],
      allow_failure: { exit_codes: [4] },
    },
    lint: {
      script: ['echo lint > l.txt; exit 1'],
      allow_failure: true,
      artifacts: { paths: ['l.txt'], when: 'on_failure' },
    },
    deploy: { stage: 'deploy', script: ['true'] },
    independent: { stage: 'deploy', needs: ['lint'], script: ['cat l.txt'] },
    alarm: { stage: 'deploy', when: 'on_failure', script: ['true'] },
    tidy: { stage: '.post', when: 'always', script: ['true'] },
    calm: { stage: 'deploy', needs: ['lint'], when: 'on_failure', script: ['true'] },
  });
  expect(ran.status).toBe('failed');
  expect(ran.message).toBe('pipeline failed: unit');
  expect(ran.outcomes).toEqual({
    ...{ unit: 'failed', lint: 'failed (allowed)', deploy: 'skipped', independent: 'success' },
    ...{ alarm: 'success', tidy: 'success', calm: 'skipped' },
  });
  expect(ran.job('unit').tail).toContain('red \\u0007bell');
  expect(ran.job('deploy').reason).toBe('unit failed');
  expect(await ran.artifact('lint', 'l.txt')).toBe('lint\n');
});

test('names of jobs may be anything; parallel and matrix jobs run one by one', async () => {
  const folder = makeProject({});
  const ran = await tryPipeline(folder, {
    '--odd: näme/../[1]': { script: ['echo "$CI_JOB_NAME" > n.txt'], artifacts: { paths: ['n.txt'] } },
    // Plays the end of another job in its log.
    liar: { script: ['echo "split: [1/2] finished in 1 ms  FAIL 9 "'] },
    split: { parallel: 2, script: ['echo "$CI_NODE_INDEX of $CI_NODE_TOTAL"'] },
    grid: { parallel: { matrix: [{ OS: ['linux', 'mac'] }] }, script: ['test "$OS" = linux'] },
    after: { needs: ['grid'], script: ['true'] },
  });
  expect(ran.outcomes).toEqual({
    '--odd: näme/../[1]': 'success',
    liar: 'success',
    'split: [1/2]': 'success',
    'split: [2/2]': 'success',
    'grid: [linux]': 'success',
    'grid: [mac]': 'failed',
    after: 'skipped',
  });
  expect(await ran.artifact('--odd: näme/../[1]', 'n.txt')).toBe('--odd: näme/../[1]\n');
});

test('a manual job waits to be played, and a blocking one holds up what comes after it', async () => {
  const folder = makeProject({});
  const ran = await tryPipeline(folder, {
    stages: ['build', 'gate', 'deploy'],
    build: { stage: 'build', script: ['true'] },
    optional: { stage: 'build', when: 'manual', script: ['true'] },
    gate: { stage: 'gate', rules: [{ when: 'manual' }], script: ['true'] },
    needing: { stage: 'gate', needs: ['optional'], script: ['true'] },
    deploy: { stage: 'deploy', script: ['true'] },
  });
  expect(ran.status).toBe('blocked');
  expect(ran.outcomes).toEqual({
    ...{ build: 'success', optional: 'manual', gate: 'manual', needing: 'skipped', deploy: 'skipped' },
  });
  expect(ran.job('deploy').reason).toBe('waits for the manual job gate');
});

test('GitLab creates no pipeline of .pre and .post jobs only, none against workflow:rules', async () => {
  const folder = makeProject({});
  const edges = await tryPipeline(folder, { check: { stage: '.pre', script: ['true'] } });
  expect(edges.status).toBe('none');
  expect(edges.message).toMatch(/^Pipeline will not run for the selected trigger\./);
  const filtered = await tryPipeline(folder, {
    workflow: { rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }] },
    unit: { script: ['true'] },
  });
  expect(filtered).toMatchObject({ status: 'none', message: 'Pipeline filtered out by workflow rules.' });
});

test('a need that rules leave out makes GitLab refuse the pipeline', async () => {
  const folder = makeProject({});
  const never = { rules: [{ if: '$NOPE' }], script: ['true'] };
  const refused = await tryPipeline(folder, { a: never, b: { needs: ['a'], script: ['true'] } });
  expect(refused.status).toBe('failed');
  expect(refused.message).toMatch(/^'b' job needs 'a' job, but 'a' does not exist in the pipeline\./);
  const optional = { needs: [{ job: 'a', optional: true }], script: ['true'] };
  expect((await tryPipeline(folder, { a: never, b: optional })).outcomes).toEqual({
    ...{ b: 'success', a: 'not in this pipeline' },
  });
});

test('what gitlab-ci-local refuses is told in its words', async () => {
  const folder = makeProject({});
  const config = { a: { rules: [{ if: '((' }], script: ['true'] } };
  await expect(tryPipeline(folder, config)).rejects.toMatchObject({ code: 'TWIN_EXECUTOR' });
  const circle = { a: { needs: ['b'], script: ['true'] }, b: { needs: ['a'], script: ['true'] } };
  await expect(tryPipeline(folder, circle)).rejects.toMatchObject({ code: 'TWIN_EXECUTOR' });
});

test('the reason is what gitlab-ci-local says of it, without what it says at every start', () => {
  const stderr = [
    'Unable to retrieve default remote branch, falling back to `main`.',
    '  Command failed with exit code 128: git symbolic-ref --short refs/remotes/origin/HEAD',
    '',
    'fatal: ref refs/remotes/origin/HEAD is not a symbolic ref',
    'parsing and downloads finished in 47 ms.',
    '\u001b[31mtest: unknown keyword\u001b[0m',
  ].join('\n');
  const reason = reasonOf({ stderr, exitCode: 1, signal: null });
  expect(reason).toContain('test: unknown keyword');
  expect(reason).not.toMatch(/symbolic|Unable|parsing| \| /);
  expect(reasonOf({ stderr: '', exitCode: 7, signal: null })).toBe('exit code 7');
});

test('says what of parallel jobs is not as on GitLab', async () => {
  const matrix = [{ OS: ['linux', 'mac'] }];
  const ran = await tryPipeline(makeProject({}), {
    grid: { parallel: { matrix }, script: ['true'] },
    after: { needs: [{ job: 'grid', parallel: { matrix: [{ OS: 'mac' }] } }], script: ['true'] },
    named: {
      needs: ['grid: [linux]', 'grid: [mac]', 'split 1/2'],
      dependencies: ['split 1/2'],
      script: ['true'],
    },
    split: { parallel: 2, script: ['true'] },
  });
  expect(ran.outcomes).toEqual({
    ...{ 'grid: [linux]': 'success', 'grid: [mac]': 'success', after: 'success', named: 'success' },
    ...{ 'split: [1/2]': 'success', 'split: [2/2]': 'success' },
  });
  expect(ran.notes).toEqual([
    'parallel: jobs are called `job: [1/2]` and `job: [a,b]`, on GitLab `job 1/2` and `job: [a, b]` (grid, split)',
    'needs:parallel: the job waits for all jobs of the matrix and gets the artifacts of all (after, named)',
  ]);
});

test('says once what the local executor cannot honour', async () => {
  const folder = makeProject({});
  const ran = await tryPipeline(folder, {
    a: {
      ...{
        stage: '.pre',
        image: 'x',
        tags: ['t'],
        retry: 2,
        timeout: '1h',
        resource_group: 'r',
        script: ['true'],
      },
      ...{ id_tokens: { T: { aud: 'x' } }, secrets: {}, cache: { paths: ['c'] }, only: ['main'] },
    },
    b: { stage: '.pre', retry: 1, script: ['true'] },
  });
  expect(ran.notes.map((note) => note.split(':')[0])).toEqual([
    ...['image', 'tags', 'retry', 'timeout', 'resource_group', 'id_tokens', 'secrets', 'cache', 'only'],
  ]);
  expect(ran.notes).toContain('retry: a failed job is not tried again (a, b)');
});
