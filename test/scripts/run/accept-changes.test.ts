import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { ModelTurn } from '../../../components/models/types.ts';
import {
  agentPath,
  agentYaml,
  logText,
  readOutput,
  record,
  repository,
  review,
  runArguments,
  runWith,
  scripted,
  sessionOf,
  turn,
} from '../../session/support.ts';
import { directoryStore } from '../../stores/support.ts';
import { pipewright, testContext } from '../../support/cli.ts';
import { git, workspace, writeFiles } from '../../support/workspace.ts';
import { rung, sh, start, taskPath, taskYaml, titled } from './task-support.ts';

const blocking = 'default_signal: complete\nsignals: [{signal: blocked, condition: iteration_count == 2}]';
const proposals = (note: string) => `{pipewright: {proposals: {note: {topics: [${note}]}, issue: {max: 2}}}}`;

/** A session that has made two proposals and is blocked. */
async function blocked(completion = blocking) {
  const cwd = repository({ [agentPath]: agentYaml({ completion }) });
  await record(cwd, review);
  const first = await pipewright(runArguments, { cwd });
  const session = sessionOf(first);
  const again = (...more: string[]) =>
    pipewright([...runArguments, `--session=${session}`, ...more], { cwd });
  return { cwd, first, session, again };
}

/** Writes another manifest, and a cassette of how the session goes on under it: asked of a copy of its log. */
async function change(
  cwd: string,
  session: string,
  yaml: string,
  turns: readonly ModelTurn[],
): Promise<void> {
  writeFiles(cwd, { [agentPath]: yaml });
  const copy = join(workspace(), 'sessions');
  cpSync(join(cwd, '.pipewright/sessions'), copy, { recursive: true });
  const context = testContext(cwd);
  const log = await directoryStore(context, copy).open(session, 'resume');
  const lines: string[] = [];
  const model = scripted(turns, (line) => lines.push(line));
  await runWith(context, { model, log, session, acceptsChanges: true });
  await log.close();
  writeFileSync(join(cwd, 'turns.jsonl'), lines.join(''));
}

function checkedResult(cwd: string) {
  const result = readOutput(cwd, 'result');
  const validate = new Ajv({ allErrors: true }).compile(
    JSON.parse(readFileSync('schemas/session-result.schema.json', 'utf8')),
  );
  expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
  return result;
}

describe('refused', () => {
  test('it says what was changed, and records nothing', async () => {
    const { cwd, session, again } = await blocked();
    const before = await logText(cwd, session);
    writeFiles(cwd, { [agentPath]: agentYaml({ completion: blocking, role: 'You review less.' }) });
    const run = await again();
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_MANIFEST_CHANGED')]);
    expect(run.stderr).toContain('spec.role was "You review one change.", and is "You review less."');
    expect(await logText(cwd, session)).toBe(before);
  });

  test('what strangers write there is shown without secrets and what a terminal would obey', async () => {
    const { cwd, again, session } = await blocked();
    const role = JSON.stringify('\u001b[2J\u202e Use postgres://ada:hidden-password@db/x.');
    writeFiles(cwd, { [agentPath]: agentYaml({ completion: blocking, role }) });
    const env = { PIPEWRIGHT_POSTGRES_URL: 'postgres://ada:hidden-password@db/x' };
    const run = await pipewright([...runArguments, `--session=${session}`], { cwd, env });
    expect(run.stderr).toContain('spec.role was');
    for (const text of ['hidden-password', '\u001b', '\u202e']) expect(run.stderr).not.toContain(text);
    expect((await again('--accept-changes')).stdout).not.toContain('\u001b');
  });

  test('nor what has become a secret since', async () => {
    const cwd = repository({
      [agentPath]: agentYaml({ completion: blocking, role: 'Use hidden-password.' }),
    });
    await record(cwd, review);
    const session = sessionOf(await pipewright(runArguments, { cwd }));
    writeFiles(cwd, { [agentPath]: agentYaml({ completion: blocking }) });
    const env = { PIPEWRIGHT_POSTGRES_URL: 'hidden-password' };
    const { stderr } = await pipewright([...runArguments, `--session=${session}`], { cwd, env });
    expect(stderr).toContain('SESSION_MANIFEST_CHANGED');
    expect(stderr).not.toContain('hidden');
  });

  test('other commits are, whatever is accepted', async () => {
    const { cwd, again } = await blocked();
    writeFiles(cwd, { [agentPath]: agentYaml({ role: 'You review less.' }) });
    git(cwd, 'commit', '--quiet', '--allow-empty', '--message', 'more');
    expect((await again('--accept-changes')).stderr).toContain('SESSION_TARGET_CHANGED');
  });

  test('a session that is complete, and another file', async () => {
    const { cwd, again, session } = await blocked('default_signal: complete');
    writeFiles(cwd, { [agentPath]: agentYaml({ role: 'You review less.' }) });
    const complete = await again('--accept-changes');
    expect(complete).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('the session is complete'),
    });
    const other = await blocked();
    renameSync(join(other.cwd, agentPath), join(other.cwd, 'agents/x.ossa.yaml'));
    writeFiles(other.cwd, { 'agents/x.ossa.yaml': agentYaml({ role: 'You review less.' }) });
    const moved = await pipewright(
      [
        'run',
        '--agent=agents/x.ossa.yaml',
        '--cassette=turns.jsonl',
        `--session=${other.session}`,
        '--accept-changes',
      ],
      { cwd: other.cwd },
    );
    expect(moved).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`it began with ${agentPath}`),
    });
    expect(session).not.toBe(other.session);
  });

  test('a log of an older version does not know what the manifest said', async () => {
    const cwd = repository({ [agentPath]: agentYaml() });
    await record(cwd, review);
    const session = '8f14e45f-ceea-467f-9575-6e0c4f1d2b3a';
    const log = await directoryStore(testContext(cwd), '.pipewright/sessions').open(session, 'begin');
    const target = { base: git(cwd, 'rev-parse', 'main'), head: git(cwd, 'rev-parse', 'feature') };
    const manifest = { path: agentPath, digest: `sha256:${'0'.repeat(64)}` };
    await log.append('session-begun', {
      ...{ format: 'pipewright/session/v1', kind: 'Agent', name: 'reviewer', manifest, target },
    });
    await log.close();
    const again = (...more: string[]) =>
      pipewright([...runArguments, `--session=${session}`, ...more], { cwd });
    expect((await again()).stderr).toContain('its log does not hold what the manifest said then');
    expect((await again('--accept-changes')).exitCode).toBe(0);
    expect(checkedResult(cwd).manifest.began).toBe(manifest.digest);
  });
});

describe('accepted', () => {
  test('it goes on under the changed manifest, keeps proposals of the same lists, and both digests are named', async () => {
    const { cwd, session, again } = await blocked();
    const { digest } = readOutput(cwd, 'result').manifest;
    await change(cwd, session, agentYaml({ role: 'You review less.' }), review);
    const run = await again('--accept-changes');
    expect(run.exitCode, run.stderr).toBe(0);
    const result = checkedResult(cwd);
    expect(result.manifest).toMatchObject({ began: digest });
    expect(result.manifest.digest).not.toBe(digest);
    expect(readOutput(cwd, 'proposals')).toMatchObject({ proposals: [{ kind: 'note' }, { kind: 'issue' }] });
    const { stdout } = await pipewright(['sessions', 'show', session], { cwd });
    expect(stdout).toMatch(
      /goes on under a changed manifest: spec\.role was "You review one change\.", and is "You review less\."/,
    );
    const told = JSON.parse((await pipewright(['sessions', 'show', session, '--json'], { cwd })).stdout);
    expect(told.begun.manifest).toEqual({ path: agentPath, digest, choices: expect.any(String) });
  });

  test('proposals that chose from other lists are dropped, and the agent is told', async () => {
    const { cwd, session, again } = await blocked();
    const changed = agentYaml({
      completion: 'default_signal: complete',
      extensions: proposals('security, review'),
    });
    await change(cwd, session, changed, [...review.slice(0, 2), turn('Then not.')]);
    const requests = readFileSync(join(cwd, 'turns.jsonl'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(requests[0] ?? '').request.messages.at(-1)).toEqual({
      role: 'user',
      text: 'What you may choose from was changed. 2 proposals of yours are dropped: propose again what you still want.',
    });
    const run = await again('--accept-changes');
    expect([run.exitCode, run.stdout]).toEqual([0, expect.stringContaining('\n0 proposals; nothing of it')]);
    expect(readOutput(cwd, 'proposals').proposals).toEqual([]);
    const { stdout } = await pipewright(['sessions', 'show', session], { cwd });
    expect(stdout).toMatch(
      /proposals\.note\.topics\[0\] was "review", and is "security".*; 2 proposals of other lists dropped/,
    );
  });

  test('a context window that was too small is made larger, and the session goes on', async () => {
    const calls = Array.from({ length: 4 }, () => ['list_files', {}] as const);
    const turns = [turn('', ...calls), turn('Done.')];
    const cwd = repository({ [agentPath]: agentYaml() });
    await record(cwd, turns);
    writeFiles(cwd, { [agentPath]: agentYaml({ state: '{context_window: {max_messages: 6}}' }) });
    const first = await pipewright(runArguments, { cwd });
    expect([first.exitCode, first.stdout]).toEqual([31, expect.stringContaining('come to 7 messages')]);
    const session = sessionOf(first);
    await change(cwd, session, agentYaml({ state: '{context_window: {max_messages: 20}}' }), turns);
    const run = await pipewright([...runArguments, `--session=${session}`, '--accept-changes'], { cwd });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(checkedResult(cwd)).toMatchObject({ context: { leftOut: 0 }, usage: { iterations: 2 } });
  });

  test('cut off right after: it goes on under the new manifest without a word, and under the old one not', async () => {
    const { cwd, session, again } = await blocked();
    const old = agentYaml({ completion: blocking });
    await change(cwd, session, agentYaml({ role: 'You review less.' }), review);
    const cancel = new AbortController();
    const cut = await pipewright([...runArguments, `--session=${session}`, '--accept-changes'], {
      cwd,
      cancel: cancel.signal,
      change: (context) => ({
        ...context,
        print: (text) => {
          context.print(text);
          if (text.startsWith('store:')) cancel.abort('SIGTERM');
        },
      }),
    });
    expect([cut.exitCode, cut.stdout.includes('iteration')]).toEqual([3, false]);
    writeFiles(cwd, { [agentPath]: old });
    expect((await again()).stderr).toContain('SESSION_MANIFEST_CHANGED');
    writeFiles(cwd, { [agentPath]: agentYaml({ role: 'You review less.' }) });
    expect((await again()).exitCode).toBe(0);
  });

  test('where nothing was changed it changes nothing', async () => {
    const { cwd, again, session } = await blocked();
    await change(cwd, session, agentYaml({ completion: blocking }), review);
    expect((await again('--accept-changes')).exitCode).toBe(0);
    expect(checkedResult(cwd).manifest.began).toBeUndefined();
    expect(await logText(cwd, session)).not.toContain('manifest-changed');
  });
});

describe.skipIf(rung === 'none')(titled('tasks'), () => {
  const again = (cwd: string, args: readonly string[], first: Awaited<ReturnType<typeof start>>['run']) =>
    pipewright([...args, `--session=${sessionOf(first)}`, '--accept-changes'], { cwd });

  test('one that failed is tried again under a changed manifest', async () => {
    const { cwd, args, run } = await start({ script: sh('echo "{}"; exit 3') });
    expect(run.exitCode).toBe(20);
    const more = 'postconditions: [{expression: exit_code == 3}]';
    writeFiles(cwd, { [taskPath]: taskYaml({ more }) });
    const refused = await pipewright([...args, `--session=${sessionOf(run)}`], { cwd });
    expect(refused.stderr).toContain('spec.postconditions is new: a list of 1');
    expect((await again(cwd, args, run)).exitCode).toBe(0);
    expect(checkedResult(cwd)).toMatchObject({
      manifest: { began: expect.any(String) },
      usage: { iterations: 2 },
    });
  });

  test('one that was transactional stays so, whatever the manifest calls it now', async () => {
    const { cwd, args, run } = await start({ script: sh('echo no JSON'), parts: { type: 'transactional' } });
    expect(run.exitCode).toBe(20);
    writeFiles(cwd, { [taskPath]: taskYaml({ type: 'idempotent' }) });
    const later = await again(cwd, args, run);
    expect([later.exitCode, later.stdout.includes('attempt 2')]).toEqual([20, false]);
    expect(checkedResult(cwd).usage.iterations).toBe(1);
  });
});
