import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSandbox } from '../../../components/sandbox/create.ts';
import { tool } from '../../../components/tools/http-get.ts';
import { createOutside } from '../../../scripts/wire/run-outside.ts';
import { startMock } from '../../models/live/support.ts';
import { outside } from '../../sandbox/broker/support.ts';
import { agentPath, agentYaml, logText, readOutput, repository, sessionOf } from '../../session/support.ts';
import { startBrokerHere } from '../../support/broker.ts';
import { pipewright, testContext } from '../../support/cli.ts';
import { repositoryOf } from '../../tools/repository.ts';

interface Asked {
  readonly by: string;
  readonly to: string;
  readonly decision: string;
}

const { rung } = await createSandbox(testContext('/')).state();
const usage = { input_tokens: 10, output_tokens: 10 };
const script = `#!/usr/bin/env bash
exec curl --silent --max-time 5 --unix-socket /run/broker.sock "http://broker/fetch?url=$(cat address)"
`;

/** Runs an agent that calls these tools, and then is done. */
async function runAgent(calls: readonly (readonly [string, object])[], extension: string, hosts: string) {
  const model = await startMock();
  const toolCalls = calls.map(([name, input], id) => ({
    ...{ name, arguments: JSON.stringify(input), id: `toolu_${id}` },
  }));
  model.on({ turnIndex: 0 }, { content: 'I look.', toolCalls, usage });
  model.on({ turnIndex: 1 }, { content: 'Done.', usage });
  const tools = '[{type: http, name: docs}, {type: function, name: page}]';
  const extensions = `{pipewright: {tools: {${extension}}}}`;
  const more = 'access: {tier: tier_2_write_limited}';
  const yaml = agentYaml({ model: 'claude-haiku-4-5', tools, extensions, more });
  const address = encodeURIComponent(/http:\/[^']*(?=')/.exec(extension)?.[0] ?? '');
  const cwd = repository({ [agentPath]: yaml, 'tools/page.sh': script, address: `${address}%2Fsandboxed` });
  chmodSync(join(cwd, 'tools/page.sh'), 0o755);
  const args = ['run', `--agent=${agentPath}`, `--model-url=${model.url}/v1`, `--allow-hosts=${hosts}`];
  const run = await pipewright(args, { cwd, ...startBrokerHere({ ANTHROPIC_API_KEY: 'key-of-nobody' }) });
  return { cwd, run };
}

const docsOf = (url: string, egress: boolean) =>
  `http: {allow: ['${url}/guide']}, functions: {page: {entrypoint: tools/page.sh, description: Gets it., egress: ${egress}}}`;

test('an agent reads what the operator and its manifest both name; what it was asked is written', async () => {
  const docs = await outside((_, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end('How it is done.'),
  );
  const calls = ['/other', '/guide/page'].map((path) => ['http-get', { url: `${docs.url}${path}` }] as const);
  const { cwd, run } = await runAgent(calls, docsOf(docs.url, false), `private:${docs.url}`);
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  const records = await logText(cwd, sessionOf(run));
  expect(records).toContain('How it is done.');
  expect(docs.asked.map(({ line }) => line)).toEqual(['GET /guide/page']);
  expect(readOutput(cwd, 'result').sources).toEqual(['http']);
  const { requests } = readOutput(cwd, 'egress');
  expect(requests.map(({ by, to, decision }: Asked) => `${by} ${to} ${decision}`)).toEqual([
    ...['model anthropic sent', `tool 127.0.0.1:${docs.port} sent`, 'model anthropic sent'],
  ]);
  expect(JSON.stringify(requests)).not.toMatch(/guide|page/);
});

const canAsk = rung !== 'none' && existsSync('/usr/bin/curl');

test.skipIf(!canAsk)('a script has a way out where both say so, and reaches out by it', async () => {
  const docs = await outside();
  const { cwd, run } = await runAgent([['page', {}]], docsOf(docs.url, true), `private:${docs.url}`);
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  expect(docs.asked.map(({ line }) => line)).toEqual(['GET /guide/sandboxed']);
  expect(readOutput(cwd, 'result').sources).toEqual(['function', 'http', 'repository']);
  expect(JSON.stringify(readOutput(cwd, 'egress'))).toContain('"by":"sandbox"');
  const without = await runAgent([['page', {}]], docsOf(docs.url, false), `private:${docs.url}`);
  expect(await logText(without.cwd, sessionOf(without.run))).toContain('It ended with exit code 7.');
  expect(docs.asked).toHaveLength(1);
});

test('what is too large, or leads elsewhere, is a call that failed', async () => {
  const docs = await outside((request, response) => {
    if (request.url === '/guide/away') response.writeHead(302, { location: '/other' }).end();
    else response.end('x'.repeat(3 * 1024 * 1024));
  });
  const context = testContext('/', startBrokerHere({}));
  const kept: string[] = [];
  const ways = createOutside(context, [`private:${docs.url}/guide/`], async ({ requests }) => {
    kept.push(...requests.map(({ code = '' }) => code));
  });
  const egress = { allow: [docs.url], fetch: ways.fetch };
  const get = (path: string) =>
    tool.run({ url: `${docs.url}${path}` }, { repository: repositoryOf({}), egress });
  const failed = (quoted: string) => ({
    ...{ text: 'It is not read.', failed: true, quoted: expect.stringContaining(quoted) },
  });
  expect(await get('/guide/large')).toEqual(failed('the answer has more than 2097152 bytes'));
  expect(await get('/guide/away')).toEqual(failed('it is not on the allow-list'));
  docs.close();
  expect(await get('/guide/gone')).toEqual(failed('cannot be reached'));
  await ways.close();
  expect(kept).toEqual(['BROKER_TOO_LARGE', '', 'BROKER_DENIED', 'BROKER_UNREACHABLE']);
});

test('without hosts of the operator it has no such tool, and is told why', async () => {
  const docs = await outside();
  const { cwd, run } = await runAgent(
    [['http-get', { url: docs.url }]],
    `http: {allow: ['${docs.url}']}`,
    '',
  );
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  expect(run.stdout).toContain(
    'http-get is not offered here, so the agent goes without it, since the input allow-hosts of the job lets agents read from nowhere',
  );
  expect(await logText(cwd, sessionOf(run))).toContain('There is no tool \\"http-get\\"');
  expect(docs.asked).toEqual([]);
});
