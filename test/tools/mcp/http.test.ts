import { describe, expect, test } from 'vitest';
import type { BrokerRecord } from '../../../components/sandbox/broker/types.ts';
import { withoutInvisible } from '../../../components/session/hidden/invisible.ts';
import { openRemoteServer } from '../../../components/tools/mcp/open-remote-server.ts';
import type { DeclaredServer } from '../../../components/tools/mcp/types.ts';
import type { Tool } from '../../../components/tools/types.ts';
import { createOutside } from '../../../scripts/wire/run-outside.ts';
import { atEnd } from '../../support/at-end.ts';
import { startBrokerHere } from '../../support/broker.ts';
import { testContext } from '../../support/cli.ts';
import { repositoryOf } from '../repository.ts';
import { type McpOverHttp, type Mode, pinOf, startMcpServer } from './http-server.ts';

const key = 'tok-canary-0123456789abcdef';
const pinned: DeclaredServer['tools'] = { echo: pinOf('echo'), count: pinOf('count', 'pure') };

interface Parts {
  readonly env?: Readonly<Record<string, string>>;
  readonly tools?: DeclaredServer['tools'];
  /** Milliseconds that pass at once. */
  readonly hurry?: number;
}

/** A server, and a session that has it by the real broker. */
async function open(given: Mode | McpOverHttp, { env = {}, tools = pinned, hurry = -1 }: Parts = {}) {
  const server = typeof given === 'string' ? await startMcpServer(given) : given;
  const here = testContext('/', startBrokerHere(env));
  const { clock } = here;
  const sleep: typeof clock.sleep = async (milliseconds, signal) =>
    milliseconds === hurry ? undefined : clock.sleep(milliseconds, signal);
  const kept: BrokerRecord[] = [];
  const outside = createOutside(here, [], async ({ requests }) => void kept.push(...requests), [
    { name: 'texts', url: server.url, private: true, trusted: false },
  ]);
  atEnd(outside.close);
  const opened = await openRemoteServer(
    { ...here, clock: { ...clock, sleep } },
    'texts',
    { url: server.url, tools },
    {
      way: await outside.openServer('texts'),
      version: '1.0.0',
      checks: {
        ...{ alsoReads: ['http'], permission: 'execute_queries' },
        holdsSecret: (text) => text.includes('hunter2'),
        invisible: (text) => withoutInvisible(text).removed,
        schema: async () => undefined,
      },
    },
  );
  const [echo, count] = opened.tools;
  const callOf = (tool: Tool | undefined) => (text: string) => {
    if (tool === undefined) throw new Error(`no tool: ${opened.refusals.join()}`);
    return tool.run({ text }, { repository: repositoryOf({}) });
  };
  return { ...opened, server, kept, outside, call: callOf(echo), callPure: callOf(count) };
}

const notCalled = (quoted: string) => ({
  ...{ text: 'The server was not called.', failed: true, quoted: expect.stringContaining(quoted) },
});

describe('a server over HTTP that is as it was pinned', () => {
  test.each<Mode>(['json', 'stream', 'stateless', 'newest'])(
    'offers its tools, is called in a session, and is told its end: %s',
    async (mode) => {
      const { tools, refusals, call, close, server } = await open(mode);
      expect(refusals).toEqual([]);
      expect(
        tools.map(({ id, source, alsoReads, kind, permission, replay }) => [
          id,
          source,
          alsoReads,
          kind,
          permission,
          replay,
        ]),
      ).toEqual([
        ['texts__echo', 'mcp', ['http'], 'http', 'execute_queries', 'none'],
        ['texts__count', 'mcp', ['http'], 'http', 'execute_queries', 'pure'],
      ]);
      expect(await call('hello')).toEqual({ text: 'hello', failed: false });
      await close();
      await expect(call('hello')).rejects.toMatchObject({ code: 'MCP_BROKEN' });
      const isStateless = mode === 'stateless';
      expect(server.lines()).toEqual([
        ...['POST initialize', 'POST notifications/initialized', 'POST tools/list', 'POST tools/call hello'],
        ...(isStateless ? [] : ['DELETE']),
      ]);
      const [first, ...others] = server.seen.map(({ headers }) => headers);
      expect(first).not.toHaveProperty('mcp-session-id');
      expect(first).not.toHaveProperty('mcp-protocol-version');
      for (const headers of others) {
        expect(headers['mcp-protocol-version']).toBe(mode === 'newest' ? '2025-11-25' : '2025-06-18');
        expect(headers['mcp-session-id']).toBe(isStateless ? undefined : 'session-1');
        expect(headers).not.toHaveProperty('authorization');
      }
    },
  );

  test('gets its key from the broker, and gives it to nobody', async () => {
    const { call, server, kept, outside } = await open('json', { env: { MCP_TEXTS_TOKEN: key } });
    expect(await call('token')).toEqual({ text: `It is Bearer ${'*'.repeat(key.length)}.`, failed: false });
    expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${key}`]),
    );
    // Neither what the broker has nor what the session knows goes out.
    expect(await call(`once ${key}`)).toEqual(notCalled('it holds a secret'));
    expect(await call('my password is hunter2')).toMatchObject({ text: expect.stringContaining('secret') });
    expect(server.lines().filter((line) => line.includes('call'))).toEqual(['POST tools/call token']);
    await outside.close();
    expect(kept.map(({ by, method, decision }) => `${by} ${method} ${decision}`)).toEqual([
      ...Array.from({ length: 4 }, () => 'mcp POST sent'),
      'mcp POST refused',
    ]);
  });

  test('may ask for nothing', async () => {
    const { call, server, close } = await open('json');
    expect(await call('asks')).toEqual({ text: 'asks', failed: false });
    await expect
      .poll(() => server.seen.filter(({ message }) => message?.method === undefined))
      .toMatchObject([
        { message: { id: 'a', error: { code: -32601 } } },
        { message: { id: 'b', result: {} } },
      ]);
    await close();
  });

  test('is left when it has answered, and gone on with where it breaks off with a number', async () => {
    const { call, server, close } = await open('json');
    expect(await call('endless')).toEqual({ text: 'endless', failed: false });
    expect(await call('goes on')).toEqual({ text: 'goes on', failed: false });
    const resumed = server.seen.find(({ method }) => method === 'GET');
    expect(resumed?.headers).toMatchObject({ 'last-event-id': '7', 'mcp-session-id': 'session-1' });
    await close();
  });
});

describe('a call', () => {
  test('that is certainly not done is an answer', async () => {
    const { call, server } = await open('json');
    expect(await call('busy')).toEqual(notCalled('was not asked for tools/call: it answers 429'));
    expect(await call('refuse')).toMatchObject({ text: 'The server refuses the call.', quoted: 'not today' });
    server.close();
    expect(await call('anything')).toEqual(notCalled('ECONNREFUSED'));
  });

  test('whose end nobody knows fails', async () => {
    const { call, close } = await open('json');
    const reasons: Record<string, RegExp> = {
      html: /neither JSON nor a stream/,
      'large answer': /more than 4194304 bytes/,
      'large event': /more than 4194304 bytes/,
      'no json': /no JSON/,
      accepted: /it answers 202/,
      failing: /it answers 500/,
      'for another': /holds no answer/,
      batch: /holds no answer/,
      'cut off': /holds no answer/,
    };
    for (const [text, message] of Object.entries(reasons))
      await expect(call(text), text).rejects.toMatchObject({
        ...{ code: 'MCP_FAILED', message: expect.stringMatching(message) },
      });
    expect(await call('still here')).toMatchObject({ text: 'still here' });
    await close();
  });

  test('that is not answered in its time is told so, and left', async () => {
    const { call, server, close } = await open('json', { hurry: 60_000 });
    await expect(call('silent')).rejects.toMatchObject({ code: 'MCP_LATE' });
    await expect.poll(() => server.lines().at(-1), { timeout: 10_000 }).toBe('POST notifications/cancelled');
    await close();
  });
});

describe('a session that its server has forgotten', () => {
  test('is begun anew, and only what does no harm is asked again', async () => {
    const { call, callPure, server } = await open('json');
    expect(await callPure('forget')).toEqual({ text: 'forget', failed: false });
    const again = ['POST initialize', 'POST notifications/initialized', 'POST tools/list'];
    const asked = 'POST tools/call forget';
    expect(server.lines()).toEqual([...again, asked, ...again, asked]);
    const other = await open('json');
    expect((await other.call('forget')).text).toMatch(/^Not called: .*begun anew/);
    expect(other.server.lines()).toEqual([...again, asked, ...again]);
    expect(await other.call('forget')).toEqual({ text: 'forget', failed: false });
    expect(await call('hello')).toMatchObject({ text: 'hello' });
  });

  test('is held to its pins again', async () => {
    const { callPure, server } = await open('json');
    server.redescribe('Sends all that it is told to somebody.');
    expect(await callPure('forget')).toMatchObject({
      text: expect.stringMatching(/^Not called: .*otherwise/),
    });
    expect(server.lines().filter((line) => line.includes('call'))).toHaveLength(1);
    await expect(callPure('x')).rejects.toMatchObject({ code: 'MCP_BROKEN' });
  });

  test('is not begun anew for ever, and a server that is gone meanwhile was not called', async () => {
    const { call, callPure, server } = await open('forgets');
    for (let at = 0; at < 4; at += 1) await call('x');
    // Forgotten again by the time it is asked again.
    expect(await callPure('y')).toEqual(notCalled('knows nothing of its session'));
    expect(await call('z')).toEqual(notCalled('forgotten its session more than 5 times'));
    expect(server.lines().filter((line) => line === 'POST initialize')).toHaveLength(6);
  });
});

test('a server that changes what it says of its tools is used no more', async () => {
  const { call, callPure } = await open('json');
  expect((await call('change')).failed).toBe(false);
  expect(await call('x')).toMatchObject({ text: expect.stringMatching(/^Not called: .*otherwise/) });
  await expect(callPure('x')).rejects.toThrow(/it has changed what it says of count/);
});

describe('a server that cannot be used has no tools, and says why', () => {
  test.each<[Mode, RegExp]>([
    ['old', /405.*does not speak streamable HTTP.*2024-11-05, HTTP with SSE, is not supported/],
    ['unauthorized', /401: it wants a key, which MCP_TEXTS_TOKEN of the job's variables would hold/],
    ['redirect', /redirect \(307\), and a key is taken nowhere else/],
    ['html', /neither JSON nor a stream/],
    ['odd session', /by a name that is none/],
    ['ancient', /speaks none of the versions/],
    ['cut', /holds no answer/],
  ])('%s', async (mode, words) => {
    const { tools, refusals, server } = await open(mode);
    expect(tools).toEqual([]);
    expect(refusals).toEqual([expect.stringMatching(words)]);
    expect(server.lines()[0]).toBe('POST initialize');
  });

  test('one whose key is wrong, and one that is not there', async () => {
    const { refusals } = await open('unauthorized', { env: { MCP_TEXTS_TOKEN: key } });
    expect(refusals).toEqual([expect.stringMatching(/it does not take the key in MCP_TEXTS_TOKEN/)]);
    const server = await startMcpServer();
    server.close();
    expect((await open(server)).refusals).toEqual([expect.stringMatching(/ECONNREFUSED/)]);
  });
});
