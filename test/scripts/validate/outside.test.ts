import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../components/kernel/context.ts';
import { pipewright } from '../../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';

const good = readFileSync('test/consumer/shop/fixed/agents/reviewer/agent.ossa.yaml', 'utf8');
const bad = readFileSync('test/consumer/shop/mistake/agents/reviewer/agent.ossa.yaml', 'utf8');
const folder = '.pipewright/validate/pipewright';

function report(cwd: string, instance = 'pipewright') {
  return JSON.parse(readFileSync(join(cwd, '.pipewright/validate', instance, 'report.json'), 'utf8'));
}

function failing<Name extends keyof FileSystem>(name: Name, on: string, code: string) {
  return (fs: FileSystem): FileSystem => {
    const real = fs[name] as (...args: unknown[]) => unknown;
    const broken = async (...args: unknown[]) => {
      if (String(args[0]).includes(on)) throw Object.assign(new Error(`${code}: planted`), { code });
      return real(...args);
    };
    return { ...fs, [name]: broken };
  };
}

describe('files that cannot be read', () => {
  test('one hides nothing of the others', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good, 'b.ossa.yaml': bad });
    const broken = failing('open', 'a.ossa.yaml', 'EACCES');
    const run = await pipewright(['validate'], {
      cwd,
      change: (context) => ({ ...context, fs: broken(context.fs) }),
    });
    expect(run.exitCode).toBe(20);
    expect(run.stdout).toContain('a.ossa.yaml:1:1 error FILE_UNREADABLE');
    expect(run.stdout).toContain('b.ossa.yaml:25:17 error OSSA_ENUM');
    expect(report(cwd).files[0]).toMatchObject({ path: 'a.ossa.yaml', structure: 'invalid' });
  });

  test('10 MB are refused without being read', async () => {
    const cwd = workspace({ 'big.ossa.yaml': '# filler\n'.repeat(1_200_000) });
    const run = await pipewright(['validate'], { cwd });
    expect(run.exitCode).toBe(20);
    expect(run.stdout).toContain('big.ossa.yaml:1:1 error FILE_TOO_LARGE');
  });

  test('a folder that cannot be listed fails, since nobody knows what is in it', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good, 'no/b.ossa.yaml': bad });
    const broken = failing('readdir', '/no', 'EACCES');
    const run = await pipewright(['validate'], {
      cwd,
      change: (context) => ({ ...context, fs: broken(context.fs) }),
    });
    expect(run.exitCode).toBe(20);
    expect(run.stdout).toContain('no:1:1 error FILE_UNREADABLE');
  });

  test('a link to a file is a file, one that leads nowhere is told, one to a folder is not followed', async () => {
    const cwd = workspace({ 'v/agent.yaml': bad, 'w/x.ossa.yaml': good });
    symlinkSync('v/agent.yaml', join(cwd, 'a.ossa.yaml'));
    symlinkSync('nowhere', join(cwd, 'b.ossa.yaml'));
    symlinkSync('w', join(cwd, 'c.ossa.yaml'));
    const run = await pipewright(['validate'], { cwd });
    expect(run.stdout).toContain('a.ossa.yaml:25:17 error OSSA_ENUM');
    expect(run.stdout).toContain('b.ossa.yaml:1:1 error FILE_NOT_FOUND');
    expect(run.stdout).toContain('3 manifests: 1 valid, 2 invalid');
  });

  test('bytes that are no text', async () => {
    const cwd = workspace();
    writeFileSync(join(cwd, 'a.ossa.yaml'), Buffer.from([0x6b, 0xff, 0xfe, 0x0a]));
    expect((await pipewright(['validate'], { cwd })).stdout).toContain('FILE_NOT_TEXT');
  });
});

describe('patterns that find nothing', () => {
  test('one of several is told', async () => {
    const run = await pipewright(['validate', '*.yaml', 'nothing/*'], {
      cwd: workspace({ 'a.ossa.yaml': good }),
    });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('warning: no manifest matches nothing/* in .');
  });

  test('all of them: a mistake, but for mode observe, which never stops a project that has none yet', async () => {
    const cwd = workspace({ 'README.md': '' });
    expect((await pipewright(['validate'], { cwd })).stderr).toContain('MANIFEST_NONE_FOUND');
    const run = await pipewright(['validate', '--mode=observe'], { cwd });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('warning: no manifest matches');
    expect(report(cwd).files).toEqual([]);
  });

  test('a pattern with ! takes away', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good, 'b/c.ossa.yaml': bad });
    expect((await pipewright(['validate', '**/*.yaml', '!b/**'], { cwd })).exitCode).toBe(0);
  });
});

describe('secrets in a manifest', () => {
  test('are taken out before a long value is cut: half a token is worth a guess', async () => {
    const values = [53, 54, 55, 56].map((count) => `${'x'.repeat(count)} glpat-ABCDEFGHIJ0123456789zzzz`);
    const tools = values.map((value) => `\n    - {type: "${value}", name: x${value.length}}`).join('');
    const cwd = workspace({
      'a.ossa.yaml': good.replace(/ {2}tools:[\s\S]*?(?= {2}completion)/, `  tools:${tools}\n`),
    });
    const run = await pipewright(['validate'], { cwd });
    expect(run.stdout).toContain('spec.tools[0].type is "xxx');
    expect(run.stdout).not.toContain('ABCDEF');
    expect(readFileSync(join(cwd, folder, 'report.json'), 'utf8')).not.toContain('ABCDEF');
  });

  const key = '-----BEGIN PRIVATE KEY-----';
  const token = 'glpat-abcdefghijklmnopqrst';
  const manifest = `apiVersion: ossa/v0.4.6\nkind: Agent\nmetadata: {name: a}\nspec:\n  role: x\n  autonomy: {level: "${key} ${token}"}\n  type: ${token}\n`;

  test('reach neither output nor reports, and the reports stay what they are', async () => {
    const cwd = workspace({ 'a.ossa.yaml': manifest });
    const run = await pipewright(['validate', '--log=json'], { cwd });
    const names = ['report.json', 'gl-code-quality-report.json', 'junit.xml', 'note.md'];
    const texts = names.map((name) => readFileSync(join(cwd, folder, name), 'utf8'));
    expect([run.stdout, run.stderr, ...texts].join()).not.toMatch(/glpat-a|BEGIN PRIVATE/);
    expect(report(cwd).files[0].findings.map(({ line }: { line: number }) => line)).toEqual([6, 7]);
    expect(JSON.parse(texts[1] ?? '')).toHaveLength(2);
    expect(texts[2]).toContain('</testsuites>');
  });
});

describe('reports that cannot be written', () => {
  test('a full disk ends with 3 and leaves the old report whole', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good, [`${folder}/report.json`]: 'old' });
    const broken = failing('open', 'report.json', 'ENOSPC');
    const run = await pipewright(['validate'], {
      cwd,
      change: (context) => ({ ...context, fs: broken(context.fs) }),
    });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('FILE_UNWRITABLE');
    expect(readFileSync(join(cwd, folder, 'report.json'), 'utf8')).toBe('old');
  });

  test('cancellation before the work ends with 3 and no report', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good });
    const cancel = new AbortController();
    cancel.abort('SIGTERM');
    const run = await pipewright(['validate'], { cwd, cancel: cancel.signal });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('PROCESS_CANCELLED');
    expect(existsSync(join(cwd, folder))).toBe(false);
  });
});

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

describe('where reports lie', () => {
  test('below the job prefix, with the node index of a parallel job', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good });
    await pipewright(['validate', '--job-prefix=backend'], {
      cwd,
      env: { GITLAB_CI: 'true', CI_NODE_INDEX: '2' },
    });
    expect(report(cwd, 'backend/2').summary.files).toBe(1);
  });

  test('a job links to its report', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good });
    const env = { GITLAB_CI: 'true', CI_JOB_URL: 'https://gitlab.example.com/acme/shop/-/jobs/3' };
    await pipewright(['validate'], { cwd, env });
    const url = `https://gitlab.example.com/acme/shop/-/jobs/3/artifacts/file/${folder}/report.json`;
    expect(JSON.parse(readFileSync(join(cwd, folder, 'annotations.json'), 'utf8'))).toEqual({
      'Pipewright validate': [{ external_link: { label: 'Report', url } }],
    });
  });

  test('at an absolute --out, as it is written', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good });
    const out = workspace();
    await pipewright(['validate', `--out=${out}`], { cwd });
    expect(readdirSync(join(out, 'validate/pipewright'))).toContain('report.json');
    expect(readdirSync(cwd)).toEqual(['a.ossa.yaml']);
  });

  test('never where a link of the checkout leads', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good });
    const elsewhere = workspace();
    symlinkSync(elsewhere, join(cwd, '.pipewright'));
    const run = await pipewright(['validate'], { cwd });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('.pipewright is a symbolic link');
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test('a file in the way of the folder ends with 3', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good, '.pipewright': 'a file' });
    const run = await pipewright(['validate'], { cwd });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('FILE_UNWRITABLE');
  });
});
