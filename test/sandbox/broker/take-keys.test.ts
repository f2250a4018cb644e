// The process itself: what only a real one can show.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holdsKeys, readTaken } from '../../../scripts/wire/broker/taken.ts';
import { taskPath, taskYaml } from '../../scripts/run/task-support.ts';
import { repository } from '../../session/support.ts';
import { atEnd } from '../../support/at-end.ts';
import { rung, titled } from '../real.ts';
import { until } from './support.ts';

const key = `sk-canary-${crypto.randomUUID()}`;

describe('keys are taken away', () => {
  test.each([
    [['run', '--agent=a'], { OPENAI_API_KEY: key }, true],
    [['run'], { OPENAI_API_KEY: ' ' }, false],
    [['run'], { PIPEWRIGHT_SESSION_KEY: key, CI_JOB_TOKEN: key }, false],
    [['run'], { MCP_GLOSSARY_TOKEN: key }, true],
    [['tools'], { MCP_GLOSSARY_TOKEN: key }, true],
    [['gate'], { OPENAI_API_KEY: key }, false],
    [[], { OPENAI_API_KEY: key }, false],
  ])('of %j with %j: %s', (args, env, expected) => expect(holdsKeys({ args, env })).toBe(expected));

  test('what has none says so in its arguments, where no variable of a pipeline can', () => {
    expect(readTaken(['--broker=/somewhere', '--keys=A_API_KEY=B_API_KEY', 'run', '--a'])).toEqual({
      ...{ args: ['run', '--a'], broker: { folder: '/somewhere', keys: ['A_API_KEY', 'B_API_KEY'] } },
    });
    expect(readTaken(['run', '--broker=/somewhere'])).toEqual({ args: ['run', '--broker=/somewhere'] });
  });
});

function textsOf(name: 'environ' | 'cmdline'): Map<string, string> {
  const found = new Map<string, string>();
  for (const number of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    try {
      found.set(number, readFileSync(`/proc/${number}/${name}`, 'latin1'));
    } catch {
      // It has ended.
    }
  return found;
}

test.skipIf(rung === 'none')(
  titled('the process of a session, its broker and its script are without the key, and all end with it'),
  async () => {
    const cwd = repository({ [taskPath]: taskYaml(), 'scripts/count.sh': '#!/bin/bash\nsleep 30\n' });
    const args = ['run', `--agent=${taskPath}`];
    const session = spawn(process.execPath, [resolve('scripts/main.ts'), ...args], {
      ...{ cwd, env: { PATH: process.env.PATH, OPENAI_API_KEY: key }, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    atEnd(() => session.kill('SIGKILL'));
    let said = '';
    session.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    session.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    expect(await until(() => said.includes('sandbox: namespaces')), said).toBe(true);
    const number = String(session.pid);
    const folder = /--broker=([^\0]+)/.exec(textsOf('cmdline').get(number) ?? '')?.[1] ?? 'none';
    expect(folder).toMatch(/pipewright-broker-/);
    expect(await until(() => existsSync(`${folder}/egress.sock`))).toBe(true);
    const environments = textsOf('environ');
    expect(environments.get(number)).toContain('PATH=');
    // Of all processes of this machine, none shows it.
    expect([...environments].filter(([, text]) => text.includes(key)).map(([at]) => at)).toEqual([]);
    expect([...textsOf('cmdline')].filter(([, text]) => text.includes(key))).toEqual([]);
    session.kill('SIGKILL');
    expect(await until(() => !existsSync(folder))).toBe(true);
    expect(said).not.toContain(key);
  },
);
