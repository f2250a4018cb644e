import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { environmentJob, makeRunner, readArtifact, readEnvironment } from './harness.ts';

const values = {
  DOLLAR: `a$HOME \${HOME} $$ $(echo x) \`echo x\``,
  QUOTES: `'single' "double" \\ back\\slash`,
  LINES: 'first\nsecond\r\n\tthird\n\n',
  BLANKS: '  around  ',
  HASH: '#no # comment',
  EMPTY: '',
  BIG: 'x'.repeat(100_000),
  UNICODE: 'grüße 🙂',
  EQUALS: 'a=b=c',
};

test('values of variables arrive exactly as they are', async () => {
  const { run } = await makeRunner();
  const tried = await run(environmentJob, { variables: values });
  const environment = await readEnvironment(tried);
  for (const [key, value] of Object.entries(values)) expect(environment.get(key), key).toBe(value);
});

test('a job gets nothing of the host, and nothing of what runs it', async () => {
  const folder = workspace();
  const planted = { DEPLOY_TOKEN: 'planted', GCL_VARIABLE_X: 'planted', NODE_OPTIONS: '--planted' };
  const context = testContext(folder, { env: { ...testContext(folder).env, ...planted } });
  const { run, folder: world } = await makeRunner({}, { context });
  const environment = await readEnvironment(await run(environmentJob));
  expect([...environment.keys()].sort()).toEqual(
    [
      ...['CI_BUILDS_DIR', 'CI_JOB_STATUS', 'CI_PROJECT_DIR', 'HOME', 'LANG', 'OLDPWD', 'PATH', 'PWD'],
      ...['SHLVL', 'TMPDIR', '_'],
    ].sort(),
  );
  expect(environment.get('HOME')?.startsWith(world)).toBe(true);
});

test('node and pipewright are ours whatever the checkout holds', async () => {
  const fake = '#!/bin/sh\necho planted\n';
  const { run } = await makeRunner({ pipewright: fake, 'node_modules/.bin/pipewright': fake });
  const { log } = await run({ script: ['pipewright validate', 'node --version'] });
  expect(log).toContain('our pipewright validate\n');
  expect(log).toContain(`${process.version}\n`);
});

test('no value of a variable is in the arguments of a program', async () => {
  const { run } = await makeRunner();
  let seen = '';
  await run(
    { script: ['sleep 1'] },
    {
      variables: { SECRET: 'value-that-must-not-be-seen' },
      onTrace: (trace) => {
        if (trace.includes('$ sleep')) seen += commandLines();
      },
    },
  );
  expect(seen).toContain('launch.sh');
  expect(seen).not.toContain('value-that-must-not-be-seen');
});

test('a file variable is the path of a file that only its owner reads, outside of the checkout', async () => {
  const { run } = await makeRunner();
  const tried = await run(
    {
      script: [
        'stat -c %a "$CONFIG"',
        'cp "$CONFIG" copy',
        'echo "other $OTHER"',
        'echo "$RAW"',
        'git status --porcelain',
      ],
      artifacts: { paths: ['copy'] },
    },
    {
      variables: { OTHER: '--config=$CONFIG', RAW: 'raw $CONFIG' },
      raw: ['RAW'],
      files: { CONFIG: '  {"a": "$HOME"}\n\n' },
    },
  );
  expect(await readArtifact(tried, 'copy')).toBe('  {"a": "$HOME"}\n\n');
  expect(tried.log).toContain('\n600\n');
  expect(tried.log).toMatch(/\nother --config=\/.*\/builds\/acme\/app\.tmp\/CONFIG\n/);
  expect(tried.log).toContain('\nraw $CONFIG\n');
  expect(tried.log).toMatch(/\?\? copy\nUploading/);
});

function commandLines(): string {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .join('\n');
}
