import { lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pipewright } from '../../support/cli.ts';
import { failing } from '../../support/failing.ts';
import { workspace } from '../../support/workspace.ts';

const manifest = (version: string, more = '') =>
  `# Mine.\napiVersion: ${version}\nkind: Agent\nmetadata: { name: a }\nspec:\n  role: r\n${more}`;

test('a manifest goes to another version in place, and everything that was done is told', async () => {
  const cwd = workspace({ 'a.ossa.yaml': manifest('ossa/v0.3.5', '  checkpointing: { enabled: true }\n') });
  const run = await pipewright(['migrate', '--to', 'ossa/v0.3.4'], { cwd });
  expect(run.exitCode).toBe(0);
  expect(readFileSync(join(cwd, 'a.ossa.yaml'), 'utf8')).toBe(manifest('ossa/v0.3.4'));
  expect(run.stdout).toBe(
    [
      '--- a/a.ossa.yaml',
      '+++ b/a.ossa.yaml',
      '@@ -1,7 +1,6 @@',
      ' # Mine.',
      '-apiVersion: ossa/v0.3.5',
      '+apiVersion: ossa/v0.3.4',
      ' kind: Agent',
      ' metadata: { name: a }',
      ' spec:',
      '   role: r',
      '-  checkpointing: { enabled: true }',
      'a.ossa.yaml: migrated',
      '  dropped spec.checkpointing: there since ossa/v0.3.5; it was {"enabled":true}',
      '  version apiVersion: ossa/v0.3.5 → ossa/v0.3.4',
      '',
    ].join('\n'),
  );
  const again = await pipewright(['migrate', '--to=ossa/v0.3.4'], { cwd });
  expect(again.stdout).toBe('a.ossa.yaml: nothing to change\n');
});

test('a dry run writes nothing', async () => {
  const text = manifest('ossa/v0.3.5');
  const cwd = workspace({ 'a.ossa.yaml': text });
  const run = await pipewright(['migrate', '--to', '0.4', '--dry-run', 'a.ossa.yaml'], { cwd });
  expect(run.stdout).toContain('+apiVersion: ossa/v0.4\n');
  expect(run.stdout).toContain('a.ossa.yaml: would be migrated');
  expect(readFileSync(join(cwd, 'a.ossa.yaml'), 'utf8')).toBe(text);
});

test('machines get JSON, without secrets', async () => {
  const token = 'glpat-abcdefghij0123456789';
  const cwd = workspace({ 'a.ossa.yaml': manifest('ossa/v0.3.5', `  checkpointing: { x: ${token} }\n`) });
  const run = await pipewright(['migrate', '--to=ossa/v0.3.4', '--json'], { cwd });
  expect(JSON.parse(run.stdout)).toMatchObject([
    { path: 'a.ossa.yaml', valid: true, changed: true, changes: [{ kind: 'dropped' }, { kind: 'version' }] },
  ]);
  expect(run.stdout).not.toContain(token);
});

test('what is left to people is told, with its own exit code', async () => {
  const cwd = workspace({
    'a.ossa.yaml': manifest('ossa/v0.3.4', '  tools: [{ type: mcp, capabilities: [{ name: x }] }]\n'),
  });
  const run = await pipewright(['migrate', '--to=ossa/v0.4'], { cwd });
  expect(run.exitCode).toBe(20);
  expect(run.stdout).toContain('a.ossa.yaml: migrated, and is not valid yet');
  expect(run.stdout).toContain('left spec.tools[0].capabilities[0]: OSSA_REQUIRED');
});

test('one file that cannot be migrated leaves all as they are, and every reason is told', async () => {
  const good = manifest('ossa/v0.3.5');
  const cwd = workspace({ 'a.ossa.yaml': good, 'b.ossa.yaml': 'x: [', 'c.ossa.yaml': 'kind: Agent\n' });
  const run = await pipewright(['migrate', '--to=ossa/v0.4'], { cwd });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('MANIFEST_NOT_MIGRATABLE');
  expect(run.stderr).toContain('b.ossa.yaml');
  expect(run.stderr).toContain('c.ossa.yaml');
  expect(readFileSync(join(cwd, 'a.ossa.yaml'), 'utf8')).toBe(good);
});

test('a version that nobody knows is a mistake, with those that are known', async () => {
  const cwd = workspace({ 'a.ossa.yaml': manifest('ossa/v0.3.5') });
  const run = await pipewright(['migrate', '--to=ossa/v0.7'], { cwd });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('MANIFEST_TARGET_UNKNOWN');
  expect(run.stderr).toContain('ossa/v0.3.5, ossa/v0.3.6, ossa/v0.4, ossa/v0.5');
});

test('a link is not written through, and not replaced', async () => {
  const outside = workspace({ 'real.yaml': manifest('ossa/v0.3.5') });
  const cwd = workspace({});
  symlinkSync(join(outside, 'real.yaml'), join(cwd, 'a.ossa.yaml'));
  const run = await pipewright(['migrate', '--to=ossa/v0.4', 'a.ossa.yaml'], { cwd });
  expect(run.exitCode).toBe(20);
  expect(run.stdout).toContain('a.ossa.yaml: not written: it is a symbolic link; mend the file it leads to');
  expect(lstatSync(join(cwd, 'a.ossa.yaml')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(outside, 'real.yaml'), 'utf8')).toBe(manifest('ossa/v0.3.5'));
});

test('on a full disk the file stays what it was', async () => {
  const text = manifest('ossa/v0.3.5');
  const cwd = workspace({ 'a.ossa.yaml': text });
  const broken = failing('open', '.a.ossa.yaml.', 'ENOSPC');
  const run = await pipewright(['migrate', '--to=ossa/v0.4'], {
    cwd,
    change: (context) => ({ ...context, fs: broken(context.fs) }),
  });
  expect(run.exitCode).toBe(20);
  expect(run.stdout).toContain('not written');
  expect(run.stdout).toContain('ENOSPC');
  expect(readFileSync(join(cwd, 'a.ossa.yaml'), 'utf8')).toBe(text);
  expect(readdirSync(cwd)).toEqual(['a.ossa.yaml']);
});
