import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Context } from '../../../components/kernel/context.ts';
import { command } from '../../../scripts/local.ts';
import { pipewright } from '../../support/cli.ts';
import { commitAll, workspace } from '../../support/workspace.ts';

const commands = { local: { summary: command.summary, load: async () => command } };

function project(config: string): string {
  const cwd = workspace({ '.gitlab-ci.yml': config });
  commitAll(cwd);
  return cwd;
}

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

test.each([
  ['of the notes for git', '.gitignore'],
  ['of the logs', '/logs/'],
])('a disk that is full is told, also when it is no more than the place %s', async (_about, place) => {
  const cwd = project('a: {script: [echo x]}\n');
  const temporary = workspace();
  const urls: string[] = [];
  const change = (context: Context): Context => ({
    ...context,
    listen: async (handler, options) => {
      const listening = await context.listen(handler, options);
      urls.push(`http://127.0.0.1:${listening.port}`);
      return listening;
    },
    fs: {
      ...context.fs,
      open: async (path, ...rest) => {
        const handle = await context.fs.open(path, ...rest);
        if (!String(path).startsWith(join(cwd, '.pipewright')) || !String(path).includes(place))
          return handle;
        handle.writeFile = () => Promise.reject(full);
        return handle;
      },
    },
  });
  const run = await pipewright(['local'], { cwd, commands, change, env: { TMPDIR: temporary } });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/ cannot be written: ENOSPC: no space left on device\n/);
  expect(run.stderr).toContain('code: FILE_UNWRITABLE');
  expect(readdirSync(temporary)).toEqual([]);
  expect(urls).toHaveLength(1);
  for (const url of urls) await expect(fetch(url)).rejects.toThrow();
});

test('a command that is cancelled in the middle of a step says so, and leaves nothing', async () => {
  const mark = join(workspace(), 'started');
  const cwd = project(`a: {script: ["touch ${mark}", "sleep 300"]}\n`);
  const temporary = workspace();
  const cancel = new AbortController();
  const options = { cwd, commands, cancel: cancel.signal, env: { TMPDIR: temporary } };
  const running = pipewright(['local', '--step=push main', '--step=run main'], options);
  await vi.waitFor(() => expect(existsSync(mark)).toBe(true), 30_000);
  cancel.abort('SIGTERM');
  const run = await running;
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toContain('cancelled by SIGTERM');
  expect(run.stderr).toContain('code: PROCESS_CANCELLED');
  expect(run.stdout).toBe('');
  expect(readdirSync(temporary)).toEqual([]);
  expect(existsSync(join(cwd, '.pipewright'))).toBe(false);
}, 60_000);

test('a folder that is no repository is refused', async () => {
  const cwd = workspace({ '.gitlab-ci.yml': 'a: {script: [x]}\n' });
  const run = await pipewright(['local'], { cwd, commands });
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('code: TWIN_NO_REPOSITORY') });
});
