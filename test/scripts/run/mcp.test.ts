import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planServers, useOfServers } from '../../../scripts/wire/run-servers.ts';
import { startMock } from '../../models/live/support.ts';
import { agentPath, agentYaml, logText, readOutput, repository, sessionOf } from '../../session/support.ts';
import { startBrokerHere } from '../../support/broker.ts';
import { pipewright } from '../../support/cli.ts';
import { pinOf, startMcpServer } from '../../tools/mcp/http-server.ts';

const key = 'tok-canary-0123456789abcdef';
const env = { ANTHROPIC_API_KEY: 'key-of-nobody', MCP_TEXTS_TOKEN: key };
const usage = { input_tokens: 10, output_tokens: 10 };

/** A project whose agent has a server at this address. */
function projectWith(url: string, tools: object = { echo: pinOf('echo'), count: pinOf('count') }): string {
  const declared = JSON.stringify({ url, tools });
  return repository({
    [agentPath]: agentYaml({
      ...{ model: 'claude-haiku-4-5', tools: '[{type: mcp, server: texts}, {type: http, name: docs}]' },
      extensions: `{pipewright: {tools: {http: {allow: ['https://docs.example.com']}, mcp: {texts: ${declared}}}}}`,
      more: 'access: {tier: tier_2_write_limited}',
    }),
  });
}

/** Runs its agent, which calls these texts, one a turn, and then is done. */
async function runAgent(cwd: string, allowed: string, texts: readonly string[]) {
  const model = await startMock();
  for (const [turnIndex, text] of texts.entries())
    model.on(
      { turnIndex },
      {
        ...{ content: 'I ask.', usage },
        toolCalls: [{ name: 'texts__echo', arguments: JSON.stringify({ text }), id: `toolu_${turnIndex}` }],
      },
    );
  model.on({ turnIndex: texts.length }, { content: 'Done.', usage });
  const args = ['run', `--agent=${agentPath}`, `--model-url=${model.url}/v1`, `--allow-mcp=${allowed}`];
  return pipewright(args, { cwd, ...startBrokerHere(env) });
}

test('an agent calls a server over HTTP that the operator and its manifest both name, and then reaches out no more', async () => {
  const server = await startMcpServer('stream');
  const cwd = projectWith(server.url);
  const run = await runAgent(cwd, `texts=private:${server.url} other=https://mcp.example.com`, [
    'token',
    'again',
  ]);
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  expect(run.stdout).toContain(
    'not called: other, which the input allow-mcp names and the manifest does not',
  );
  const start = ['POST initialize', 'POST notifications/initialized', 'POST tools/list'];
  expect(server.lines()).toEqual([...start, 'POST tools/call token', 'DELETE']);
  const records = await logText(cwd, sessionOf(run));
  expect(records).toContain(`<untrusted source=\\"mcp\\">\\nIt is Bearer ${'*'.repeat(key.length)}.`);
  const { sources, denials } = readOutput(cwd, 'result');
  expect(sources).toEqual(['http', 'mcp']);
  expect(JSON.stringify(denials)).toContain('untrusted-source');
  const { requests } = readOutput(cwd, 'egress');
  const called = requests.filter(({ by }: { by: string }) => by === 'mcp');
  const to = new URL(server.url).host;
  expect(
    called.map((one: Record<string, unknown>) => `${one.method} ${one.to} ${one.status} ${one.decision}`),
  ).toEqual([
    ...[`POST ${to} 200 sent`, `POST ${to} 202 sent`, `POST ${to} 200 sent`],
    ...[`POST ${to} 200 sent`, `DELETE ${to} 204 sent`],
  ]);
  // Nowhere in what it leaves and says.
  const left = readdirSync(join(cwd, '.pipewright'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  expect([run.stdout, run.stderr, records, ...left].join('\n')).not.toContain(key);
});

test('a server of the operator is called as often as it is wanted, and what it says is a stranger’s still', async () => {
  const server = await startMcpServer();
  const cwd = projectWith(server.url);
  const run = await runAgent(cwd, `texts=trusted:private:${server.url}`, ['one', 'two']);
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  expect(server.lines()).toEqual(expect.arrayContaining(['POST tools/call one', 'POST tools/call two']));
  const { sources, denials } = readOutput(cwd, 'result');
  expect([sources, denials]).toEqual([['mcp'], undefined]);
});

test('one that only the manifest names is not asked, and neither is one at another address', async () => {
  const server = await startMcpServer();
  const cwd = projectWith(server.url);
  const none = await runAgent(cwd, '', ['x']);
  expect(none.stdout).toContain(
    'texts__echo is not offered here, so the agent goes without it, since the input allow-mcp of the job does not name the server texts',
  );
  expect(await logText(cwd, sessionOf(none))).toContain('There is no tool \\"texts__echo\\"');
  const other = await runAgent(cwd, 'texts=https://mcp.example.com/mcp', []);
  expect(other.stdout).toContain(
    `since the manifest names ${server.url} for texts, and the input allow-mcp of the job https://mcp.example.com/mcp`,
  );
  expect(server.seen).toEqual([]);
});

test('a list that is none, and a server that is both a program and elsewhere, are mistakes', async () => {
  const cwd = projectWith('https://mcp.example.com/mcp');
  const run = await pipewright(['run', `--agent=${agentPath}`, '--allow-mcp=texts'], { cwd });
  expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('BROKER_SETTINGS')]);
  const wrong = async (server: string) => {
    const extensions = `{pipewright: {tools: {mcp: {texts: ${server}}}}}`;
    const cwd = repository({ [agentPath]: agentYaml({ extensions }) });
    const { exitCode, stdout } = await pipewright(['run', `--agent=${agentPath}`], { cwd });
    expect(exitCode).toBe(20);
    return stdout;
  };
  const both = await wrong('{entrypoint: a.sh, url: "https://a.example", egress: true, tools: {}}');
  expect(both).toContain('mcp.texts has a url, and entrypoint beside it, which only a program has');
  expect(both).toContain('mcp.texts has a url, and egress beside it, which only a program has');
  expect(await wrong('{tools: {}}')).toContain('mcp.texts has neither an entrypoint nor a url');
  expect(await wrong('{url: "ftp://a.example", tools: {}}')).toMatch(/SESSION_EXTENSION\n.*url is "ftp:/);
});

test('`tools` shows what a server over HTTP offers, with digests to pin, and where `http-get` reads', async () => {
  const server = await startMcpServer();
  const cwd = projectWith(server.url, {});
  const args = [
    'tools',
    agentPath,
    `--allow-mcp=texts=private:${server.url}`,
    '--allow-hosts=docs.example.com/guide/',
  ];
  const shown = await pipewright(args, { cwd, ...startBrokerHere(env) });
  expect(shown.exitCode, shown.stdout + shown.stderr).toBe(0);
  expect(shown.stdout).toContain('texts__echo (not pinned): Says it again.');
  expect(shown.stdout).toContain(`to pin it:  echo: { digest: "${pinOf('echo').digest}" }`);
  expect(shown.stdout).toContain('http-get: reads http');
  expect(shown.stdout).toContain('http-get reads below https://docs.example.com/guide/');
  expect(server.lines().at(-1)).toBe('DELETE');
  expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${key}`);
  const without = await pipewright(['tools', agentPath], { cwd });
  expect(without.stdout).toContain(
    'texts is not asked, since the input allow-mcp of the job does not name the server texts',
  );
});

describe('which servers are called', () => {
  const at = (url: string) => ({ url, tools: { echo: pinOf('echo') } });
  const declared = {
    mcp: { a: at('https://a.example'), b: at('https://b.example/x'), c: { entrypoint: 'c.sh', tools: {} } },
  };

  test('are those that both name, with the same address', () => {
    const list = ['a=https://a.example/', 'b=https://b.example/y', 'c=https://c.example'];
    expect(planServers(list, declared)).toEqual({
      servers: [{ name: 'a', url: 'https://a.example/', private: false, trusted: false }],
      missing: { b: expect.stringContaining('https://b.example/y') },
      unasked: ['c'],
    });
  });

  test('and that the agent has a tool of', () => {
    const plan = planServers(['a=https://a.example/'], declared);
    expect(useOfServers(plan, { tools: ['a__echo'] }, declared).servers).toHaveLength(1);
    expect(useOfServers(plan, { tools: ['read-file'] }, declared)).toEqual({ servers: [], told: [] });
  });
});
