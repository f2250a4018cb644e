import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';
import { bash, rung, titled } from '../real.ts';
import { failure } from '../support.ts';
import { broker, outside } from './support.ts';

const canAsk = rung !== 'none' && existsSync('/usr/bin/curl');

describe.skipIf(!canAsk)(titled('a program in the sandbox (needs /usr/bin/curl)'), () => {
  test('fetches through the socket what is on the allow-list, and nothing else of the outside', async () => {
    const [mirror, model] = [await outside(), await outside()];
    const upstream = { id: 'model', baseUrl: model.url, keyHeader: undefined, keyVariables: [] };
    const { socketPath, send, records } = await broker({
      upstreams: [upstream],
      allow: [`private:${mirror.url}/guide/`],
    });
    const ask = (path: string, more = '') =>
      `curl --silent --max-time 5 --unix-socket /run/broker.sock ${more} '${`http://broker${path}`}'`;
    const script = [
      ask(`/fetch?url=${encodeURIComponent(`${mirror.url}/guide/page`)}`),
      ask(`/fetch?url=${encodeURIComponent(`${mirror.url}/other`)}`),
      ask(`/fetch?url=${encodeURIComponent(`${mirror.url}/guide/page`)}`, '--request POST'),
      ...['/model/model/x', '/mcp/texts', '/settings', '/records', '/end'].map((path) =>
        ask(path, '--data {}'),
      ),
      `curl --silent --max-time 5 ${mirror.url}/guide/page`,
      'curl --silent --max-time 5 --proxy unix:///run/broker.sock https://example.com/',
      'ls -A /run; echo x >/run/broker.sock; rm /run/broker.sock; ls /tmp',
    ].join('; echo " $?"\n');
    const { stdout } = await bash(script, { socket: socketPath });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('hello 0');
    expect(lines[1]).toMatch(/not on the allow-list.* 0$/);
    expect(lines.slice(2, 8)).toEqual(Array(6).fill(expect.stringMatching(/only GET and HEAD.* 0$/)));
    expect(lines[8]).toMatch(/^ 7$/);
    expect(lines[9]).not.toBe(' 0');
    expect(lines[10]).toBe('broker.sock');
    expect([mirror.asked.map(({ line }) => line), model.asked]).toEqual([['GET /guide/page'], []]);
    // The session's own process still has its broker, which has noted who asked.
    expect(await (await send(`${model.url}/x`)).text()).toBe('hello');
    expect((await records()).map(({ by, decision }) => `${by} ${decision}`)).toEqual([
      ...['sandbox sent', 'sandbox refused', 'model sent'],
    ]);
    expect((await bash('ls /run')).exitCode).not.toBe(0);
  });

  test('is shown a socket and nothing else', async () => {
    const { socketPath } = await broker({});
    for (const socket of [dirname(socketPath), '/etc/passwd', join(workspace(), 'none')])
      expect(await failure(bash('true', { socket }))).toMatch(/^SANDBOX_INVALID: .*expected a socket/);
    expect(execFileSync('stat', ['-c', '%F', socketPath], { encoding: 'utf8' })).toBe('socket\n');
  });
});
