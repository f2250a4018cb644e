import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pipewright } from '../../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';

const good = readFileSync('test/consumer/shop/fixed/agents/reviewer/agent.ossa.yaml', 'utf8');
const bad = readFileSync('test/consumer/shop/mistake/agents/reviewer/agent.ossa.yaml', 'utf8');
const folder = '.pipewright/validate/pipewright';

function report(cwd: string) {
  return JSON.parse(readFileSync(join(cwd, folder, 'report.json'), 'utf8'));
}

describe('a merge request is judged by what it changes', () => {
  function repository() {
    const cwd = workspace({ 'old.ossa.yaml': bad, 'agents/new.ossa.yaml': good });
    const base = commitAll(cwd);
    return { cwd, base };
  }
  function mergeRequest(base: string, more: Record<string, string> = {}) {
    const env = { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_IID: '7' };
    return { ...env, CI_MERGE_REQUEST_DIFF_BASE_SHA: base, ...more };
  }

  test('errors in files it leaves alone do not count, and the report has them all the same', async () => {
    const { cwd, base } = repository();
    writeFiles(cwd, { 'agents/new.ossa.yaml': `${good}\n# changed\n` });
    commitAll(cwd);
    const run = await pipewright(['validate'], { cwd, env: mergeRequest(base) });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toBe(
      '2 manifests: 1 valid, 1 invalid; 1 error, 0 warnings\n' +
        'This merge request changes 1 manifest: 0 errors; 1 error in files it leaves alone\n',
    );
    expect(run.stderr).toMatch(/section_start:\d+:findings_elsewhere\[collapsed=true\]/);
    expect(run.stderr).toContain('old.ossa.yaml:25:17 error OSSA_ENUM');
    expect(report(cwd)).toMatchObject({ gate: { scope: 'changed', errors: 0 }, summary: { errors: 1 } });
    expect(readFileSync(join(cwd, folder, 'note.md'), 'utf8')).not.toContain('OSSA_ENUM');
    expect(readFileSync(join(cwd, folder, 'gl-code-quality-report.json'), 'utf8')).toContain('OSSA_ENUM');
  });

  test('an error it brings counts', async () => {
    const { cwd, base } = repository();
    writeFiles(cwd, { 'agents/new.ossa.yaml': bad });
    commitAll(cwd);
    const run = await pipewright(['validate', '--root=agents'], { cwd, env: mergeRequest(base) });
    expect(run.exitCode).toBe(20);
    expect(readFileSync(join(cwd, folder, 'note.md'), 'utf8')).toContain('`agents/new.ossa.yaml:25`');
  });

  test('a shallow clone fetches the commit it lacks', async () => {
    const { cwd: origin, base } = repository();
    writeFiles(origin, { 'agents/new.ossa.yaml': bad });
    commitAll(origin);
    git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const cwd = join(workspace(), 'clone');
    mkdirSync(cwd);
    git(cwd, 'clone', '--quiet', '--depth=1', `file://${origin}`, '.');
    const run = await pipewright(['validate'], { cwd, env: mergeRequest(base) });
    expect(run.exitCode).toBe(20);
    expect(report(cwd).gate).toMatchObject({ scope: 'changed', files: 1, errors: 1 });
  });

  test.each([
    ['a base nobody has', (cwd: string) => commitAll(cwd), mergeRequest('0'.repeat(40))],
    ['no git repository', () => undefined, mergeRequest('1'.repeat(40))],
    ['no base', (cwd: string) => commitAll(cwd), mergeRequest('')],
    ['a base that is an option of git', (cwd: string) => commitAll(cwd), mergeRequest('--output=x')],
  ])('with %s everything counts, and the reason is told', async (_, prepare, env) => {
    const cwd = workspace({ 'a.ossa.yaml': bad });
    prepare(cwd);
    const run = await pipewright(['validate'], { cwd, env });
    expect(run.exitCode).toBe(20);
    expect(run.stderr).toContain('what the merge request changes is unknown, so all manifests count: ');
    expect(report(cwd).gate.scope).toBe('all');
    expect(report(cwd).gate.reason).not.toBe('');
  });

  test('a manifest reached through a link counts when what it leads to changes', async () => {
    const { cwd } = repository();
    symlinkSync('agents', join(cwd, 'link'));
    symlinkSync('agents/new.ossa.yaml', join(cwd, 'named.ossa.yaml'));
    const base = commitAll(cwd);
    writeFiles(cwd, { 'agents/new.ossa.yaml': bad });
    commitAll(cwd);
    for (const args of [['--root=link'], ['named.ossa.yaml']]) {
      const run = await pipewright(['validate', ...args], { cwd, env: mergeRequest(base) });
      expect(run.exitCode, args.join()).toBe(20);
    }
  });

  test('a manifest git does not keep counts: made by a job, in a submodule, outside of the checkout', async () => {
    const { cwd, base } = repository();
    writeFiles(cwd, { '.gitignore': 'made/\n', 'made/x.ossa.yaml': bad });
    commitAll(cwd);
    expect((await pipewright(['validate', 'made/*.yaml'], { cwd, env: mergeRequest(base) })).exitCode).toBe(
      20,
    );
    const elsewhere = workspace({ 'x.ossa.yaml': bad });
    const outside = join(elsewhere, 'x.ossa.yaml');
    expect((await pipewright(['validate', outside], { cwd, env: mergeRequest(base) })).exitCode).toBe(20);
  });

  test('from a folder below the top the same files count', async () => {
    const { cwd, base } = repository();
    writeFiles(cwd, { 'agents/new.ossa.yaml': bad });
    commitAll(cwd);
    const below = join(cwd, 'agents');
    expect((await pipewright(['validate'], { cwd: below, env: mergeRequest(base) })).exitCode).toBe(20);
    expect(
      (await pipewright(['validate', '--root=..'], { cwd: below, env: mergeRequest(base) })).exitCode,
    ).toBe(20);
  });

  test('git that cannot be started means everything counts', async () => {
    const { cwd, base } = repository();
    const run = await pipewright(['validate'], { cwd, env: { ...mergeRequest(base), PATH: '/nonexistent' } });
    expect(run.exitCode).toBe(20);
    expect(run.stderr).toContain('git cannot be started');
  });
});
