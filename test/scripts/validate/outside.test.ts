import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pipewright } from '../../support/cli.ts';
import { failing } from '../../support/failing.ts';
import { workspace } from '../../support/workspace.ts';

const good = readFileSync('test/consumer/shop/fixed/agents/reviewer/agent.ossa.yaml', 'utf8');
const bad = readFileSync('test/consumer/shop/mistake/agents/reviewer/agent.ossa.yaml', 'utf8');
const folder = '.pipewright/validate/pipewright';

function report(cwd: string, instance = 'pipewright') {
  return JSON.parse(readFileSync(join(cwd, '.pipewright/validate', instance, 'report.json'), 'utf8'));
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

  test('an absolute pattern, and one that leads out of the root, find what they name', async () => {
    const cwd = workspace({ 'a.ossa.yaml': good, 'below/README.md': '' });
    const elsewhere = workspace({ 'deep/b.ossa.yaml': bad });
    const absolute = await pipewright(['validate', `${elsewhere}/**/*.yaml`], { cwd });
    expect(absolute.stdout).toContain('deep/b.ossa.yaml:25:17 error OSSA_ENUM');
    const outward = await pipewright(['validate', '--root=below', '../*.yaml'], { cwd });
    expect(outward.stdout).toContain('1 manifest: 1 valid');
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
    const names = [
      'report.json',
      'gl-code-quality-report.json',
      'junit.xml',
      'note.md',
      'report.sarif',
      'gl-sast-report.json',
    ];
    const texts = names.map((name) => readFileSync(join(cwd, folder, name), 'utf8'));
    expect([run.stdout, run.stderr, ...texts].join()).not.toMatch(/glpat-a|BEGIN PRIVATE/);
    expect(report(cwd).files[0].findings.map(({ line }: { line: number }) => line)).toEqual([6, 6, 7, 7]);
    expect(JSON.parse(texts[1] ?? '')).toHaveLength(4);
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
