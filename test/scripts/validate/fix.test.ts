import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pipewright } from '../../support/cli.ts';
import { failing } from '../../support/failing.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';

const manifest = (level: string, type: string) =>
  `# Ours.\napiVersion: ossa/v0.4\nkind: Agent\nmetadata: { name: a }\nspec:\n  role: r\n  autonomy: { level: ${level} } # how far\n  tools:\n    - type: ${type}\n`;
const wrong = manifest('semi-autonomous', 'scanner');
const right = manifest('semi_autonomous', 'custom # was: scanner');
const hopeless = manifest('whatever', 'mcp');
const read = (cwd: string, file = 'a.ossa.yaml') => readFileSync(join(cwd, file), 'utf8');

describe('--fix', () => {
  test('mends in place, shows what it did, and checks what is there then', async () => {
    const cwd = workspace({ 'a.ossa.yaml': wrong, 'b.ossa.yaml': hopeless, 'c.ossa.yaml': right });
    const run = await pipewright(['validate', '--fix'], { cwd });
    expect(read(cwd)).toBe(right);
    expect(read(cwd, 'b.ossa.yaml')).toBe(hopeless);
    expect(read(cwd, 'c.ossa.yaml')).toBe(right);
    expect(run.stdout).toContain(
      [
        '-  autonomy: { level: semi-autonomous } # how far',
        '+  autonomy: { level: semi_autonomous } # how far',
        '   tools:',
        '-    - type: scanner',
        '+    - type: custom # was: scanner',
        'a.ossa.yaml: OSSA_ENUM spec.autonomy.level: semi-autonomous → semi_autonomous',
        'a.ossa.yaml: OSSA_ENUM spec.tools[0].type: scanner → custom',
        '2 mistakes in 1 file mended',
        '',
      ].join('\n'),
    );
    expect(run.exitCode).toBe(20);
    expect(run.stdout).toContain('3 manifests: 2 valid, 1 invalid; 1 error, 0 warnings');
  });

  test('its diff is one that git takes back', async () => {
    const cwd = workspace({ 'a b/ü.ossa.yaml': wrong });
    const run = await pipewright(['validate', '--fix'], { cwd });
    expect(run.exitCode).toBe(0);
    const diff = run.stdout.slice(0, run.stdout.indexOf('a b/ü.ossa.yaml: OSSA'));
    writeFileSync(join(cwd, 'fix.diff'), diff);
    execFileSync('git', ['apply', '--reverse', 'fix.diff'], { cwd });
    expect(read(cwd, 'a b/ü.ossa.yaml')).toBe(wrong);
  });

  test('with --dry-run nothing is written, and the check is of what is there', async () => {
    const cwd = workspace({ 'a.ossa.yaml': wrong });
    const run = await pipewright(['validate', '--fix', '--dry-run'], { cwd });
    expect(read(cwd)).toBe(wrong);
    expect(run.exitCode).toBe(20);
    expect(run.stdout).toContain('2 mistakes in 1 file would be mended; nothing is written');
    expect(run.stdout).toContain('1 manifest: 0 valid, 1 invalid; 2 errors, 0 warnings');
  });

  test('a file without mistakes stays as it is, byte for byte', async () => {
    const odd = `\ufeff${right.replaceAll('\n', '\r\n')}\t\r\n`;
    const cwd = workspace({ 'a.ossa.yaml': odd });
    const run = await pipewright(['validate', '--fix'], { cwd });
    expect(run.stdout).toContain('0 mistakes in 0 files mended');
    expect(read(cwd)).toBe(odd);
  });

  test('a link is neither followed nor replaced', async () => {
    const outside = workspace({ 'real.yaml': wrong });
    const cwd = workspace({});
    symlinkSync(join(outside, 'real.yaml'), join(cwd, 'a.ossa.yaml'));
    const run = await pipewright(['validate', '--fix', 'a.ossa.yaml'], { cwd });
    expect(run.stdout).toContain('a.ossa.yaml: not written: it is a symbolic link');
    expect(run.exitCode).toBe(20);
    expect(read(outside, 'real.yaml')).toBe(wrong);
  });

  test('on a full disk the file stays what it was, and the mistakes count', async () => {
    const cwd = workspace({ 'a.ossa.yaml': wrong });
    const broken = failing('open', '.a.ossa.yaml.', 'ENOSPC');
    const run = await pipewright(['validate', '--fix'], {
      cwd,
      change: (context) => ({ ...context, fs: broken(context.fs) }),
    });
    expect(run.exitCode).toBe(20);
    expect(run.stdout).toContain('a.ossa.yaml: not written:');
    expect(read(cwd)).toBe(wrong);
  });

  test('a secret on a changed line is not printed', async () => {
    const token = 'glpat-abcdefghij0123456789';
    const cwd = workspace({ 'a.ossa.yaml': wrong.replace('# how far', `# ${token}`) });
    const run = await pipewright(['validate', '--fix'], { cwd });
    expect(read(cwd)).toContain(token);
    expect(run.stdout).not.toContain(token);
  });
});

test('the note of a merge request says what --fix would do', async () => {
  const cwd = workspace({ 'README.md': 'x\n' });
  commitAll(cwd);
  const base = git(cwd, 'rev-parse', 'HEAD').trim();
  writeFiles(cwd, { 'a.ossa.yaml': wrong, 'b.ossa.yaml': hopeless });
  commitAll(cwd);
  const env = {
    ...{
      CI: 'true',
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_MERGE_REQUEST_IID: '7',
    },
    ...{ CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI_COMMIT_SHA: git(cwd, 'rev-parse', 'HEAD').trim() },
  };
  await pipewright(['validate', '--mode=observe'], { cwd, env });
  expect(read(cwd, '.pipewright/validate/pipewright/note.md')).toContain(
    '`pipewright validate --fix` would mend 2 of 3.',
  );
});

test('--features says what each manifest uses; the report has it always, the note in a line', async () => {
  const uses = `${right}  completion: { max_iterations: 3 }\n`;
  const cwd = workspace({ 'a.ossa.yaml': uses, 'b.ossa.yaml': 'x: [' });
  const run = await pipewright(['validate', '--features', '--mode=observe'], { cwd });
  expect(run.stdout).toContain(
    'a.ossa.yaml  completion\nb.ossa.yaml  (not read)\n2 manifests: completion 1\n',
  );
  expect(read(cwd, '.pipewright/validate/pipewright/note.md')).toContain('Used of OSSA: completion 1.');
  const report = JSON.parse(read(cwd, '.pipewright/validate/pipewright/report.json'));
  expect(report.files.map(({ features }: { features?: string[] }) => features)).toEqual([
    ['completion'],
    undefined,
  ]);
});
