import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSandbox } from '../../../components/sandbox/create.ts';
import { digestTool } from '../../../components/tools/mcp/list-tools.ts';
import {
  agentPath,
  agentYaml,
  logText,
  readOutput,
  record,
  repository,
  runArguments,
  sessionOf,
  turn,
} from '../../session/support.ts';
import { pipewright, testContext } from '../../support/cli.ts';
import { git } from '../../support/workspace.ts';

const { rung, reason } = await createSandbox(testContext('/')).state();

test('an agent finds a line, who wrote it and when, in a recorded session', async () => {
  const tools =
    '[{type: function, name: search}, {type: function, name: log}, {type: function, name: blame}]';
  const cwd = repository({ [agentPath]: agentYaml({ tools }) });
  await record(cwd, [
    turn(
      '',
      ['search', { pattern: 'vat\\s*=', regex: true, paths: ['src/**'] }],
      ['log', { path: 'src' }],
      ['blame', { path: 'src/price.ts', from: 1 }],
      ['search', { pattern: '(', regex: true }],
      ['blame', { path: '../x', from: 1 }],
    ),
    turn('Done.'),
  ]);
  const run = await pipewright(runArguments, { cwd });
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  expect(readOutput(cwd, 'result').sources).toEqual(['repository']);
  const records = await logText(cwd, sessionOf(run));
  const [head, base] = [git(cwd, 'rev-parse', 'HEAD'), git(cwd, 'rev-parse', 'main')].map((id) =>
    id.slice(0, 12),
  );
  expect(records).toContain('1 line in 1 file\\nsrc/price.ts:1: export const vat = 19;');
  expect(records).toMatch(new RegExp(`${head} \\S+ Test: change\\\\n${base} \\S+ Test: files`));
  expect(records).toMatch(new RegExp(`1 ${head} \\S+ Test: export const vat = 19;`));
  expect(records).toContain('The pattern is no expression that is searched for');
  expect(records).toContain('A path has no step `..`');
});

describe('what a manifest names and is not given', () => {
  const extension = (tools: string) => `{pipewright: {tools: ${tools}}}`;
  test('is told with its place and why', async () => {
    const tools = `[
      {type: function, name: read_job_log}, {type: function, name: read_merge_request},
      {type: function, name: read_fil}, {type: function, name: http_get},
      {type: http, name: docs}, {type: mcp, server: none}, {type: mcp, name: files},
      {type: webhook, name: x}, {type: custom}]`;
    const extensions = extension(
      `{http: {allow: ['https://docs.example.com']}, mcp: {texts: {entrypoint: server.py, tools: {}}}}`,
    );
    const cwd = repository({ [agentPath]: agentYaml({ tools, extensions }) });
    await record(cwd, [turn('Done.')]);
    const run = await pipewright(runArguments, { cwd });
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    const said = [...run.stdout.matchAll(/warning (SESSION_\w+)\n +(.*)\n/g)].map(([, code, text]) => [
      code,
      text,
    ]);
    expect(said).toEqual([
      [
        'SESSION_TOOL_UNAVAILABLE',
        'read-job-log is not offered here, so the agent goes without it, since this is no job of GitLab',
      ],
      [
        'SESSION_TOOL_UNAVAILABLE',
        'read-merge-request is not offered here, so the agent goes without it, since this is no pipeline of a merge request',
      ],
      ['SESSION_TOOL_UNKNOWN', 'there is no tool "read_fil", so the agent goes without it'],
      ['SESSION_TOOL_UNKNOWN', 'there is no tool "http_get", so the agent goes without it'],
      [
        'SESSION_TOOL_UNAVAILABLE',
        'http-get is not offered here, so the agent goes without it, since the input allow-hosts of the job lets agents read from nowhere',
      ],
      ['SESSION_TOOL_UNKNOWN', 'there is no MCP server "none", so the agent goes without it'],
      ['SESSION_TOOL_UNKNOWN', 'there is no MCP server "files", so the agent goes without it'],
      ['SESSION_IGNORED', 'tools of type "webhook" are not given to the agent: agents send nothing out'],
      ['SESSION_IGNORED', 'tools of type "custom" are not given to the agent: nothing says what it is'],
    ]);
  });

  test('and is declared wrong keeps it from being run', async () => {
    const extensions = extension(`{functions: {
      report: {entrypoint: a.sh, description: x}, up: {entrypoint: a/../../x, description: x},
      odd: {entrypoint: a.sh, description: x, parameters: {type: object, propertys: {}}}}}`);
    const cwd = repository({ [agentPath]: agentYaml({ extensions }) });
    const run = await pipewright(runArguments, { cwd });
    expect(run.exitCode, run.stdout).toBe(20);
    expect(run.stdout).toMatch(
      /the name "report" is taken by a tool of ours[\s\S]*SESSION_SCHEMA|SESSION_SCHEMA[\s\S]*the name "report"/,
    );
    expect(run.stdout).toMatch(/functions\.up\.entrypoint is "a\/\.\.\/\.\.\/x"/);
    const broken = repository({
      [agentPath]: agentYaml({
        extensions: extension('{mcp: {Bad_Name: {entrypoint: x, tools: {}}}, files: {}}'),
      }),
    });
    expect((await pipewright(runArguments, { cwd: broken })).stdout).toMatch(/SESSION_EXTENSION/);
  });
});

const script = `#!/usr/bin/env bash
read -r arguments
case $arguments in
  *fail*) echo "secret of the script" >&2; exit 3 ;;
  *loud*) head -c 2000000 /dev/zero ;;
  *) echo "{\\"asked\\": $arguments, \\"token\\": \\"\${CI_JOB_TOKEN:-none}\\", \\"vat\\": \\"$(cat src/price.ts)\\"}" ;;
esac
`;

/** Answers by numbers, as a program without a library can: MCP over bash. */
const server = `#!/usr/bin/env bash
while IFS= read -r line; do
  [[ $line =~ \\"id\\":([0-9]+) ]] && id=\${BASH_REMATCH[1]}
  case $line in
    *initialize\\"*) echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":$id,\\"result\\":{\\"protocolVersion\\":\\"2025-06-18\\",\\"capabilities\\":{}}}" ;;
    *tools/list*) echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":$id,\\"result\\":{\\"tools\\":[{\\"name\\":\\"whoami\\",\\"description\\":\\"Says who runs it.\\",\\"inputSchema\\":{\\"type\\":\\"object\\"}}]}}" ;;
    *tools/call*) echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":$id,\\"result\\":{\\"content\\":[{\\"type\\":\\"text\\",\\"text\\":\\"user $(id -u) in $PWD\\"}]}}" ;;
  esac
done
`;
const digest = digestTool({
  name: 'whoami',
  description: 'Says who runs it.',
  inputSchema: { type: 'object' },
});

describe.skipIf(rung === 'none')(`scripts of the repository as tools (${reason ?? 'in the sandbox'})`, () => {
  const extensions = (pin: string) => `{pipewright: {tools: {
    functions: {vat: {entrypoint: tools/vat.sh, description: Tells the rate., parameters: {type: object, properties: {way: {type: string}}}}},
    mcp: {who: {entrypoint: tools/server.sh, tools: {whoami: {digest: '${pin}'}}}}}}}`;
  const tools = '[{type: function, name: vat}, {type: mcp, server: who}]';
  const access = 'access: {tier: tier_2_write_limited, permissions: [read_code, execute_sandboxed]}';
  const shop = (pin: string) => {
    const cwd = repository({
      [agentPath]: agentYaml({ tools, extensions: extensions(pin), more: access }),
      ...{ 'tools/vat.sh': script, 'tools/server.sh': server },
    });
    chmodSync(join(cwd, 'tools/vat.sh'), 0o755);
    return cwd;
  };

  test('a function and an MCP server are called, in the sandbox', async () => {
    const cwd = shop(digest);
    await record(cwd, [
      turn(
        '',
        ['who__whoami', {}],
        ['vat', { way: 'plain' }],
        ['vat', { way: 'fail' }],
        ['vat', { other: 1, way: 7 }],
      ),
      turn('', ['vat', { way: 'loud' }]),
      turn('Done.'),
    ]);
    const run = await pipewright(runArguments, { cwd, env: { CI_JOB_TOKEN: 'glcbt-1234567890' } });
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    expect(readOutput(cwd, 'result').sources).toEqual(['function', 'mcp', 'repository']);
    const records = await logText(cwd, sessionOf(run));
    expect(records).toContain('\\"token\\": \\"none\\"');
    expect(records).toContain('export const vat = 19;');
    expect(records).toContain('<untrusted source=\\"mcp\\">\\nuser 65534 in /checkout\\n');
    expect(records).toContain(
      'It ended with exit code 3.\\n<untrusted source=\\"function\\">\\nsecret of the script',
    );
    expect(records).toContain('The arguments do not fit');
    expect(records).toContain('It wrote more than 1 MiB.');
    expect(records).toContain('who__whoami');
  });

  test('a tool that is not as it was pinned is not offered', async () => {
    const cwd = shop(`sha256:${'0'.repeat(64)}`);
    await record(cwd, [turn('', ['who__whoami', {}]), turn('Done.')]);
    const run = await pipewright(runArguments, { cwd });
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain(`not offered: who__whoami: it is described otherwise than it was pinned`);
    expect(run.stdout).toContain(digest);
    expect(await logText(cwd, sessionOf(run))).toContain('There is no tool \\"who__whoami\\"');
  });
});
