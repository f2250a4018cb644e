import { describe, expect, test } from 'vitest';
import { createSandbox } from '../../components/sandbox/create.ts';
import { digestTool } from '../../components/tools/mcp/list-tools.ts';
import { agentPath, agentYaml, repository } from '../session/support.ts';
import { pipewright, testContext } from '../support/cli.ts';

const { rung, reason } = await createSandbox(testContext('/')).state();

test('the tools of an agent, and what it goes without', async () => {
  const tools = '[{type: function, name: search}, {type: function, name: read_job_log}]';
  const run = await pipewright(['tools', agentPath], {
    cwd: repository({ [agentPath]: agentYaml({ tools }) }),
  });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout).toContain(
    'search: reads repository, permission read_code, risk low, replay pure, 60 s, 48000 bytes\n',
  );
  expect(run.stdout).toMatch(/SESSION_TOOL_UNAVAILABLE\n +read-job-log is not offered here/);
});

const server = `#!/usr/bin/env bash
while IFS= read -r line; do
  [[ $line =~ \\"id\\":([0-9]+) ]] && id=\${BASH_REMATCH[1]}
  case $line in
    *initialize\\"*) result='{"protocolVersion":"2025-06-18","capabilities":{}}' ;;
    *tools/list*) result='{"tools":[{"name":"add","description":"Adds\\u200b.\\u001b[2J","inputSchema":{"type":"object"}}]}' ;;
    *) continue ;;
  esac
  echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":$id,\\"result\\":$result}"
done
`;

describe.skipIf(rung === 'none')(`an MCP server (${reason ?? 'in the sandbox'})`, () => {
  const of = (tools: string) =>
    agentYaml({
      tools: '[{type: mcp, server: sums}]',
      extensions: `{pipewright: {tools: {mcp: {sums: {entrypoint: server.sh, tools: ${tools}}}}}}`,
    });
  const run = (tools: string) =>
    pipewright(['tools', agentPath], { cwd: repository({ [agentPath]: of(tools), 'server.sh': server }) });
  const digest = digestTool({
    name: 'add',
    description: 'Adds\u200b.\u001b[2J',
    inputSchema: { type: 'object' },
  });

  test('is shown with what to pin, and with nothing that a terminal would obey', async () => {
    const { exitCode, stdout } = await run('{}');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('sums__add (not pinned): Adds');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain(`  to pin it:  add: { digest: "${digest}" }\n`);
  });

  test('that hides something is not offered, also where it is pinned', async () => {
    const { exitCode, stdout } = await run(`{add: {digest: '${digest}'}}`);
    expect(exitCode).toBe(20);
    expect(stdout).toContain(
      'not offered: sums__add: its description holds 2 characters that no reader sees',
    );
    expect(stdout).toContain('sums__add (as pinned)');
  });
});
