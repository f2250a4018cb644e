import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validate as validateBaseline } from '#validators/validate-baseline';
import { validate as validateReport } from '#validators/validate-report';
import { checkSchema } from '../../../components/kernel/schema.ts';
import { type CliRun, pipewright } from '../../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';

const good = readFileSync('test/consumer/shop/fixed/agents/reviewer/agent.ossa.yaml', 'utf8');
const bad = readFileSync('test/consumer/shop/mistake/agents/reviewer/agent.ossa.yaml', 'utf8');
const worse = bad.replace('name: reviewer', 'name: Reviewer!');
const folder = '.pipewright/validate/pipewright';
const file = 'debt.json';
const using = `--baseline=${file}`;

function read(cwd: string, name: string) {
  return readFileSync(join(cwd, folder, name), 'utf8');
}

function report(cwd: string) {
  const data = JSON.parse(read(cwd, 'report.json'));
  expect(checkSchema(validateReport, data)).toEqual([]);
  return data;
}

function validate(cwd: string, ...args: string[]): Promise<CliRun> {
  return pipewright(['validate', ...args], { cwd });
}

/** A project with old mistakes in a.ossa.yaml, all of them in its baseline. */
async function withDebt(files: Record<string, string> = {}): Promise<string> {
  const cwd = workspace({ 'a.ossa.yaml': bad, 'b.ossa.yaml': good, ...files });
  const run = await validate(cwd, using, '--update-baseline');
  expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining(`${file} lists `)]);
  return cwd;
}

test('the fixtures differ as the tests assume', () => {
  expect(worse).not.toBe(bad);
});

describe('a project with old debt', () => {
  test('adopts it: what it writes satisfies its schema and makes the next run pass', async () => {
    const cwd = await withDebt();
    expect(checkSchema(validateBaseline, JSON.parse(readFileSync(join(cwd, file), 'utf8')))).toEqual([]);
    const run = await validate(cwd, using);
    expect(run.exitCode).toBe(0);
    // Rules are added, so how many findings there are is not for this test to say.
    expect(run.stdout).toMatch(
      /^2 manifests: 1 valid, 1 invalid; .*\nBaseline: [1-9]\d* old errors?, \d+ old warnings? do not count; new: 0 errors, 0 warnings\n$/,
    );
    expect(run.stderr).toContain('old findings, in the baseline: ');
    expect(run.stderr).toContain('a.ossa.yaml:25:17 error OSSA_ENUM');
  });

  test('without the flag everything counts', async () => {
    expect((await validate(await withDebt())).exitCode).toBe(20);
  });

  test('moving lines around is no new debt, and the reports show what is old', async () => {
    const cwd = await withDebt();
    writeFiles(cwd, { 'a.ossa.yaml': `# one line more\n${bad}` });
    expect((await validate(cwd, using)).exitCode).toBe(0);
    const { gate, files } = report(cwd);
    expect(gate).toMatchObject({ errors: 0, warnings: 0, baseline: { file, gone: 0 } });
    expect(gate.baseline.errors).toBeGreaterThan(0);
    expect(files[0].findings).toContainEqual(
      expect.objectContaining({ code: 'OSSA_ENUM', line: 26, baseline: true }),
    );
    expect(read(cwd, 'gl-code-quality-report.json')).toContain('old, in the baseline; ');
    expect(read(cwd, 'junit.xml')).toContain('failures="0"');
    expect(read(cwd, 'report.sarif')).toContain('"baselineState": "unchanged"');
    expect(read(cwd, 'note.md')).not.toContain('**error**');
  });

  test('a new mistake counts, in the same file and in another', async () => {
    const cwd = await withDebt();
    for (const files of [{ 'a.ossa.yaml': worse }, { 'a.ossa.yaml': bad, 'c.ossa.yaml': bad }]) {
      writeFiles(cwd, files);
      const run = await validate(cwd, using);
      expect(run.exitCode).toBe(20);
      expect(run.stdout).toMatch(/new: [1-9]\d* errors?/);
      expect(read(cwd, 'note.md')).toContain('- **error**');
    }
  });

  test('debt that is paid is told, and taken out when the baseline is brought up to date', async () => {
    const cwd = await withDebt();
    writeFiles(cwd, { 'a.ossa.yaml': good });
    const paid = await validate(cwd, using);
    expect(paid.exitCode).toBe(0);
    expect(paid.stdout).toMatch(/\d+ findings? of the baseline (is|are) gone: update it/);
    await validate(cwd, using, '--update-baseline');
    expect(readFileSync(join(cwd, file), 'utf8')).not.toContain('OSSA_ENUM');
    writeFiles(cwd, { 'a.ossa.yaml': bad });
    expect((await validate(cwd, using)).exitCode).toBe(20);
  });

  test('of a part of the manifests the rest stays in it, and is not called gone', async () => {
    const cwd = await withDebt();
    const part = await validate(cwd, 'b.ossa.yaml', using, '--update-baseline');
    expect(part.stdout).not.toContain('gone');
    expect((await validate(cwd, using)).exitCode).toBe(0);
  });

  test('a secret does not reach it', async () => {
    const secret = 'glpat-abcdefghijklmnopqrst';
    const cwd = await withDebt({ 'c.ossa.yaml': bad.replace(/signal: \w+/, `signal: ${secret}`) });
    const text = readFileSync(join(cwd, file), 'utf8');
    expect(text).toContain('c.ossa.yaml');
    expect(text).not.toContain(secret);
    expect((await validate(cwd, using)).exitCode).toBe(0);
  });
});

describe('a baseline that cannot be used is an error in every mode', () => {
  const broken = '{\n  "format": "pipewright/validate-baseline/v1",\n  "findings": [7]\n}\n';
  test.each([
    ['missing', {}, 'BASELINE_MISSING'],
    ['broken', { [file]: broken }, 'debt.json:3:16: findings[0] is 7, expected a mapping'],
    [
      'of another version',
      { [file]: broken.replace('v1', 'v9') },
      'debt.json:2:13: the format of the baseline is ',
    ],
    ['a folder', { [`${file}/x`]: '' }, 'FILE_IS_DIRECTORY'],
  ])('%s', async (_, files: Record<string, string>, message) => {
    const cwd = workspace({ 'a.ossa.yaml': good, ...files });
    for (const mode of ['observe', 'enforce']) {
      const run = await validate(cwd, using, `--mode=${mode}`);
      expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  test('what is no baseline is not written over', async () => {
    const cwd = workspace({ 'a.ossa.yaml': bad });
    const run = await validate(cwd, '--baseline=a.ossa.yaml', '--update-baseline');
    expect(run.exitCode).toBe(2);
    expect(readFileSync(join(cwd, 'a.ossa.yaml'), 'utf8')).toBe(bad);
  });

  test('nor where a link of the checkout leads', async () => {
    const cwd = workspace({ 'a.ossa.yaml': bad });
    const elsewhere = workspace();
    symlinkSync(elsewhere, join(cwd, 'link'));
    const run = await validate(cwd, '--baseline=link/debt.json', '--update-baseline');
    expect(run.exitCode).toBe(3);
    expect(existsSync(join(elsewhere, 'debt.json'))).toBe(false);
  });

  test('to update one takes its name, and no variable gives it', async () => {
    const cwd = workspace({ 'a.ossa.yaml': bad });
    expect((await validate(cwd, '--update-baseline')).stderr).toContain('INPUT_REQUIRED');
    const run = await pipewright(['validate'], { cwd, env: { PIPEWRIGHT_BASELINE: file } });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('INPUT_NOT_FROM_ENV')]);
  });
});

describe('in a merge request the baseline of the diff base counts', () => {
  function inMergeRequest(cwd: string, base: string, name = file): Promise<CliRun> {
    const env = {
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_MERGE_REQUEST_IID: '7',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    };
    return pipewright(['validate', `--baseline=${name}`], { cwd, env });
  }

  test('old debt in a file that it changes stays old', async () => {
    const cwd = await withDebt();
    const base = commitAll(cwd);
    writeFiles(cwd, { 'a.ossa.yaml': `# one line more\n${bad}` });
    commitAll(cwd);
    const run = await inMergeRequest(cwd, base);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).not.toContain('warning: ');
    expect(report(cwd).gate).toMatchObject({ errors: 0, baseline: { file, commit: base, gone: 0 } });
  });

  test('its author hides nothing by adding to the baseline', async () => {
    const cwd = await withDebt();
    const base = commitAll(cwd);
    writeFiles(cwd, { 'a.ossa.yaml': worse, 'c.ossa.yaml': bad });
    await validate(cwd, using, '--update-baseline');
    commitAll(cwd);
    expect((await validate(cwd, using)).exitCode).toBe(0);
    const run = await inMergeRequest(cwd, base);
    expect(run.exitCode).toBe(20);
    expect(run.stderr).toContain(
      `${file} differs from that of the diff base, which is the one that counts here`,
    );
    expect(run.stdout).toMatch(/This merge request changes 2 manifests: [1-9]/);
  });

  test.each([
    ['a file that the merge request brings', file],
    ['a file outside of the repository', '../debt.json'],
  ])('%s makes nothing old', async (_, name) => {
    const cwd = join(workspace(), 'checkout');
    mkdirSync(cwd);
    writeFiles(cwd, { 'a.ossa.yaml': good });
    const base = commitAll(cwd);
    writeFiles(cwd, { 'a.ossa.yaml': bad });
    await validate(cwd, `--baseline=${name}`, '--update-baseline');
    commitAll(cwd);
    const run = await inMergeRequest(cwd, base, name);
    expect(run.exitCode).toBe(20);
    expect(run.stderr).toContain('no finding counts as old: ');
  });

  test('a link in its place at the base leads nowhere', async () => {
    const cwd = await withDebt();
    symlinkSync(file, join(cwd, 'link.json'));
    const base = commitAll(cwd);
    writeFiles(cwd, { 'a.ossa.yaml': `# more\n${bad}` });
    commitAll(cwd);
    const run = await inMergeRequest(cwd, base, 'link.json');
    expect(run.exitCode).toBe(20);
    expect(run.stderr).toContain('link.json is not in the commit that the merge request begins at');
  });

  test('one that it deletes still counts, and one that is nowhere is an error', async () => {
    const cwd = await withDebt();
    const base = commitAll(cwd);
    git(cwd, 'rm', '--quiet', file);
    writeFiles(cwd, { 'a.ossa.yaml': `# more\n${bad}` });
    const without = commitAll(cwd);
    expect((await inMergeRequest(cwd, base)).exitCode).toBe(0);
    const run = await inMergeRequest(cwd, without);
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('BASELINE_MISSING')]);
  });

  test('a broken one at the base is told, and the merge request that mends it passes', async () => {
    const cwd = workspace({ 'a.ossa.yaml': bad, [file]: '{}' });
    const base = commitAll(cwd);
    expect((await inMergeRequest(cwd, base)).exitCode).toBe(2);
    git(cwd, 'rm', '--quiet', file);
    await validate(cwd, using, '--update-baseline');
    commitAll(cwd);
    const run = await inMergeRequest(cwd, base);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('the baseline of the diff base cannot be read: debt.json:1:1: ');
  });

  test.each([
    ['a base that nobody has', '0'.repeat(40)],
    ['no base', ''],
  ])('with %s nothing is old', async (_, base) => {
    const cwd = await withDebt();
    commitAll(cwd);
    const run = await inMergeRequest(cwd, base);
    expect(run.exitCode).toBe(20);
    expect(run.stderr).toContain('no finding counts as old: ');
  });

  test('a shallow clone fetches the commit it lacks', async () => {
    const origin = await withDebt();
    const base = commitAll(origin);
    writeFiles(origin, { 'a.ossa.yaml': `# more\n${bad}` });
    commitAll(origin);
    git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const cwd = join(workspace(), 'clone');
    mkdirSync(cwd);
    git(cwd, 'clone', '--quiet', '--depth=1', `file://${origin}`, '.');
    expect((await inMergeRequest(cwd, base)).exitCode).toBe(0);
  });

  test('from a folder below the top the file is found by its own name', async () => {
    const cwd = workspace({ 'sub/a.ossa.yaml': bad });
    const below = join(cwd, 'sub');
    await validate(below, using, '--update-baseline');
    const base = commitAll(cwd);
    writeFiles(cwd, { 'sub/a.ossa.yaml': `# more\n${bad}` });
    commitAll(cwd);
    expect((await inMergeRequest(below, base)).exitCode).toBe(0);
  });
});
