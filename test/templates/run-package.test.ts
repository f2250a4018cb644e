import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { templates } from '../decide/shop.ts';
import { agentPath, agentYaml, runWith, scripted, turn } from '../session/support.ts';
import { directoryStore } from '../stores/support.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, workspace } from '../support/workspace.ts';
import { startTestTwin, type TestTwin, testMachine } from '../twin/harness.ts';

const yaml = `spec:
  inputs:
    session: { default: '' }
    head: { default: '' }
    store: { default: auto }
---
include:
  - component: $CI_SERVER_FQDN/pipewright/pipewright/run@main
    inputs:
      image: registry.example.com/pipewright:1
      agent: ${agentPath}
      cassette: turns.jsonl
      pipelines: branch
      session: $[[ inputs.session ]]
      head: $[[ inputs.head ]]
      store: $[[ inputs.store ]]
`;

/** Blocked after its first iteration, complete after the second. */
const agent = agentYaml({
  tools: '[]',
  completion: 'default_signal: complete\nsignals: [{signal: blocked, condition: iteration_count == 1}]',
});
const turns = [turn('I need to know the tax rate.'), turn('Done.')];

/** What a cassette holds of both jobs. */
async function recorded(): Promise<string> {
  const cwd = workspace({ [agentPath]: agent });
  commitAll(cwd);
  const [context, folder, session] = [testContext(cwd), workspace(), randomUUID()];
  const lines: string[] = [];
  for (const how of ['begin', 'resume'] as const) {
    const log = await directoryStore(context, folder).open(session, how);
    await runWith(context, { model: scripted(turns, (line) => lines.push(line)), log, session });
    await log.close();
  }
  return lines.join('');
}

async function start(key: string | undefined): Promise<TestTwin> {
  const twin = await startTestTwin({ machine: testMachine({ entry: resolve('scripts/main.ts') }) });
  await twin.addProject('pipewright/pipewright', templates(), { visibility: 'public' });
  const files = { '.gitlab-ci.yml': yaml, [agentPath]: agent, 'turns.jsonl': await recorded() };
  const variables = key === undefined ? {} : { PIPEWRIGHT_SESSION_KEY: { value: key, masked: true } };
  await twin.addProject('acme/shop', files, { variables });
  return twin;
}

async function pipeline(twin: TestTwin, inputs: Readonly<Record<string, string>>) {
  await twin.api('POST', '/projects/acme%2Fshop/pipeline', { json: { ref: 'main', inputs } });
  return twin.job(await twin.newest('acme/shop'), 'pipewright-run');
}

test('with a key a session is gone on with in another pipeline, of which the runner kept nothing', async () => {
  const key = randomBytes(32).toString('base64');
  const twin = await start(key);
  const first = await pipeline(twin, {});
  expect([first.status, first.exitCode], first.trace).toEqual(['failed', 31]);
  expect(first.trace).toContain('a package of the project survives the loss of the runner; it is encrypted');
  const [, session = '', head = ''] = /--session=(\S+) --head=(\S+), with/.exec(first.trace) ?? [];
  const kept = [...twin.project('acme/shop').packages.values()];
  expect(kept).toMatchObject([{ name: 'pipewright-sessions', version: session, status: 'hidden' }]);
  for (const { stored } of kept.flatMap(({ files }) => files)) {
    const bytes = readFileSync(resolve(twin.world.folder, stored));
    expect(bytes.includes('tax rate') || bytes.includes('session-begun')).toBe(false);
  }
  const second = await pipeline(twin, { session, head });
  expect([second.status, second.exitCode], second.trace).toEqual(['success', 0]);
  expect(second.trace).toContain(`session ${session}, job 2 of it`);
  expect(second.trace).toContain('iteration 2 ');
  expect(second.trace).not.toContain('iteration 1 ');
  const files = second.artifacts?.files ?? [];
  expect(files.filter((file) => file.includes('sessions'))).toEqual([]);
  const folder = second.artifacts?.folder ?? '';
  const result = readFileSync(join(folder, '.pipewright/run/pipewright/result.json'), 'utf8');
  expect(JSON.parse(result)).toMatchObject({ outcome: 'complete', store: { id: 'gitlab-package' } });
  expect(first.trace + second.trace + result).not.toContain(key);
});

test('without a key records are in a folder, and the package is refused', async () => {
  const twin = await start(undefined);
  const first = await pipeline(twin, {});
  expect(first.trace).toContain('the directory .pipewright/sessions survives a crash inside the job');
  const second = await pipeline(twin, { store: 'gitlab-package' });
  expect(second.exitCode).toBe(2);
  expect(second.trace).toContain('STORE_KEY_REQUIRED');
  expect([...twin.project('acme/shop').packages.values()]).toEqual([]);
});
