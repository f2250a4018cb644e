// The process itself: what only a real one can show.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commitAll, workspace } from '../support/workspace.ts';

const entry = resolve('scripts/main.ts');
const bad = readFileSync('test/consumer/shop/mistake/agents/reviewer/agent.ossa.yaml', 'utf8');
const env = { PATH: process.env.PATH };

function run(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [entry, ...args], { cwd, env, encoding: 'utf8' });
}

test('--version is the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(run('.', '--version').stdout).toBe(`${version}\n`);
});

test('the exit code is that of the command', () => {
  const cwd = workspace({ 'a.ossa.yaml': bad });
  const { status, stdout, stderr } = run(cwd, 'validate', 'a.ossa.yaml');
  expect(status).toBe(20);
  expect(stdout).toContain('a.ossa.yaml:25:17 error OSSA_ENUM');
  expect(stderr).toBe('reports are in .pipewright/validate/pipewright\n');
});

test('a reader that stops early is no failure', () => {
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`a${index}.ossa.yaml`, bad]));
  const script = `'${process.execPath}' '${entry}' validate; echo "exit code $?" >&2`;
  const { stderr } = spawnSync('sh', ['-c', `{ ${script}; } | head -n 1`], {
    cwd: workspace(many),
    env,
    encoding: 'utf8',
  });
  expect(stderr).toContain('exit code 20');
});

test('npm run from a hostile project runs ours, in that project', () => {
  const evil = '#!/bin/sh\ntouch planted\n';
  const cwd = workspace({
    'a.ossa.yaml': bad,
    '.npmrc': 'script-shell=./evil\nnode-options=--require=./evil.cjs\n',
    'evil.cjs': "require('node:fs').writeFileSync('planted', '');\n",
    'package.json':
      '{"name": "evil", "scripts": {"pipewright": "touch planted", "prepipewright": "touch planted"}}',
    'node_modules/.bin/node': evil,
    'node_modules/pipewright/package.json': '{"name": "pipewright", "bin": "main.js"}',
    'node_modules/pipewright/main.js': evil,
  });
  const args = ['run', '--silent', '--prefix', process.cwd(), 'pipewright', '--', 'validate', 'a.ossa.yaml'];
  const { status, stdout } = spawnSync('npm', args, {
    cwd,
    env: { ...env, HOME: workspace() },
    encoding: 'utf8',
  });
  expect(stdout).toContain('a.ossa.yaml:25:17 error OSSA_ENUM');
  expect(status).toBe(20);
  expect(existsSync(join(cwd, 'planted'))).toBe(false);
});

describe('SIGTERM', () => {
  test('ends a running pipeline with 3, its jobs and its files', async () => {
    const cwd = workspace({
      '.gitlab-ci.yml': 'slow: {script: [echo started >> $TRACE, sleep 30, echo late >> $TRACE]}\n',
    });
    commitAll(cwd);
    const trace = join(workspace(), 'trace');
    const child = spawn(process.execPath, [entry, 'local', '--variable', `TRACE=${trace}`], { cwd, env });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = new Promise((done) => child.once('close', done));
    await until(() => readOr(trace, '').includes('started'));
    child.kill('SIGTERM');
    expect(await ended).toBe(3);
    expect(stderr).toContain('cancelled by SIGTERM');
    expect(processesWith(trace)).toEqual([]);
    expect(readOr(trace, '')).toBe('started\n');
  });
});

/** Processes whose environment holds a text, where the system tells. */
function processesWith(text: string): string[] {
  const pids = existsSync('/proc/self/environ')
    ? readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    : [];
  return pids.filter((pid) => readOr(`/proc/${pid}/environ`, '').includes(text));
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (holds()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('it did not happen in 20 seconds');
}
