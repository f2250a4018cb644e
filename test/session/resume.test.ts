import { randomBytes, randomUUID } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import { endOfAgent } from '../../components/session/result.ts';
import type { AgentEnd } from '../../components/session/run-agent.ts';
import { endsOf } from '../stores/log/frames.ts';
import { directoryStore } from '../stores/support.ts';
import { pipewright, testContext } from '../support/cli.ts';
import { git, workspace, writeFiles } from '../support/workspace.ts';
import {
  agentPath,
  agentYaml,
  readOutput,
  record,
  repository,
  review,
  runArguments,
  runWith,
  scripted,
  sessionOf,
  turn,
} from './support.ts';

const codeOf = (code: string) => expect.objectContaining({ code });

/** What a session came to, without what a crash may change: its time, and what is lost with calls whose answer was. */
function withoutCrash(end: AgentEnd): object {
  const { elapsed: _, callsLost: __, lost: ___, ...rest } = endOfAgent(end);
  return { ...rest, messages: end.state.messages };
}

test('a log that is cut at any byte comes to the same end when it is gone on with', async () => {
  const cwd = repository({ [agentPath]: agentYaml() });
  const context = testContext(cwd);
  const store = workspace();
  const sessions = join(store, 'sessions');
  const session = randomUUID();
  const model = scripted(review);
  const open = async (how: 'begin' | 'resume') => directoryStore(context, sessions).open(session, how);
  const log = await open('begin');
  const whole = await runWith(context, { model, log, session });
  await log.close();
  cpSync(sessions, join(store, 'whole'), { recursive: true });
  const segment = join(sessions, session, '000001.log');
  const { length } = readFileSync(segment);
  const ends = new Set(endsOf(readFileSync(segment)));
  // Between the ends of frames all lengths are a torn frame: near them each one is tried, elsewhere some.
  const lengths = Array.from({ length: length + 1 }, (_, bytes) => bytes).filter(
    (bytes) => bytes % 331 === 0 || [-2, -1, 0, 1, 2].some((by) => ends.has(bytes + by)),
  );
  expect(lengths.length).toBeGreaterThan(30);
  for (const bytes of lengths) {
    rmSync(sessions, { recursive: true });
    cpSync(join(store, 'whole'), sessions, { recursive: true });
    truncateSync(segment, bytes);
    const again = await open('resume');
    const end = await runWith(context, { model, log: again, session });
    await again.close();
    expect(withoutCrash(end), `cut at ${bytes}`).toEqual(withoutCrash(whole));
    expect(end.state.usage.callsLost, `cut at ${bytes}`).toBeLessThanOrEqual(1);
  }
});

describe('through the command', () => {
  async function begun() {
    const cwd = repository({ [agentPath]: agentYaml() });
    await record(cwd, review);
    return cwd;
  }

  /** What of a result a crash and another job do not change. */
  function lasting(cwd: string): object {
    const { session, usage, ...rest } = readOutput(cwd, 'result');
    const { elapsedMs: _, callsLost: __, lostPicoUsd: ___, lostTokens: ____, ...used } = usage;
    return { ...rest, usage: used, id: session.id };
  }

  test('SIGTERM in the middle: what was done is kept, and it is gone on with', async () => {
    const cwd = await begun();
    const whole = await pipewright(runArguments, { cwd });
    const expected = { ...lasting(cwd), id: undefined };
    const cancel = new AbortController();
    const cut = await pipewright(runArguments, {
      cwd,
      cancel: cancel.signal,
      change: (context) => ({
        ...context,
        print: (text) => {
          context.print(text);
          if (text.startsWith('iteration 2')) cancel.abort('SIGTERM');
        },
      }),
    });
    expect([cut.exitCode, cut.stderr]).toEqual([3, expect.stringContaining('cancelled by SIGTERM')]);
    // Nothing of the run before it, which would be taken for its own.
    expect(readdirSync(join(cwd, '.pipewright/run/pipewright'))).toEqual([]);
    const again = await pipewright([...runArguments, `--session=${sessionOf(cut)}`], { cwd });
    expect([again.exitCode, whole.exitCode]).toEqual([0, 0]);
    expect(again.stdout).not.toContain('iteration 2');
    expect({ ...lasting(cwd), id: undefined }).toEqual(expected);
  });

  test('a session that is complete asks no model again', async () => {
    const cwd = await begun();
    const first = await pipewright(runArguments, { cwd });
    const before = lasting(cwd);
    const again = await pipewright([...runArguments, `--session=${sessionOf(first)}`], { cwd });
    expect([again.exitCode, again.stdout.includes('iteration')]).toEqual([0, false]);
    expect(lasting(cwd)).toEqual(before);
  });

  /** Files below a folder whose writes end after that many bytes, as on a full disk. */
  function fullAfter(folder: string, bytes: number) {
    return (context: Context): Context => {
      let left = bytes;
      const open: Context['fs']['open'] = async (...call) => {
        const handle = await context.fs.open(...call);
        if (!String(call[0]).includes(folder)) return handle;
        const writeFile = handle.writeFile.bind(handle);
        handle.writeFile = async (data) => {
          const text = Buffer.from(data as string);
          await writeFile(text.subarray(0, Math.max(0, left)));
          left -= text.length;
          if (left < 0)
            throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        };
        return handle;
      };
      return { ...context, fs: { ...context.fs, open } };
    };
  }

  test.each([100, 400, 1_000, 2_000])('a disk that is full after %i bytes of log', async (bytes) => {
    const cwd = await begun();
    const full = await pipewright(runArguments, { cwd, change: fullAfter('sessions', bytes) });
    expect([full.exitCode, full.stderr]).toEqual([3, expect.stringContaining('STORE_UNWRITABLE')]);
    const [session = ''] = readdirSync(join(cwd, '.pipewright/sessions'));
    const again = await pipewright([...runArguments, `--session=${session}`], { cwd });
    expect(again.exitCode, again.stderr).toBe(0);
    expect(lasting(cwd)).toMatchObject({ outcome: 'complete', usage: { iterations: 3, inputTokens: 300 } });
  });

  test('a disk that is full when the result is written: none or a whole one', async () => {
    const cwd = await begun();
    const full = await pipewright(runArguments, { cwd, change: fullAfter('.pipewright/run', 200) });
    expect([full.exitCode, full.stderr]).toEqual([3, expect.stringContaining('FILE_UNWRITABLE')]);
    expect(readdirSync(join(cwd, '.pipewright/run/pipewright'))).toEqual([]);
    const again = await pipewright([...runArguments, `--session=${sessionOf(full)}`], { cwd });
    expect(again.exitCode).toBe(0);
    expect(readOutput(cwd, 'proposals').proposals).toHaveLength(2);
  });

  test('another manifest, other commits, or no such session', async () => {
    const cwd = await begun();
    const first = await pipewright(runArguments, { cwd });
    const again = () => pipewright([...runArguments, `--session=${sessionOf(first)}`], { cwd });
    writeFiles(cwd, { [agentPath]: agentYaml({ role: 'You review less.' }) });
    expect(await again()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('SESSION_MANIFEST_CHANGED'),
    });
    writeFiles(cwd, { [agentPath]: agentYaml() });
    git(cwd, 'commit', '--quiet', '--allow-empty', '--message', 'more');
    expect(await again()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('SESSION_TARGET_CHANGED'),
    });
    const missing = await pipewright([...runArguments, `--session=${randomUUID()}`], { cwd });
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('STORE_SESSION_MISSING')]);
    const wrong = await pipewright([...runArguments, '--session=../../etc'], { cwd });
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('INPUT_INVALID')]);
  });
});

test('a long session is gone on with from a snapshot, whichever call the job ended at, and comes to the same', async () => {
  const cwd = repository({
    [agentPath]: agentYaml({ completion: 'default_signal: complete\nmax_iterations: 12' }),
  });
  const context = testContext(cwd);
  const turns = Array.from({ length: 8 }, (_, index) =>
    turn(randomBytes(9_000).toString('hex'), ['list_files', { index }]),
  );
  const script = [...turns, turn('Done.')];
  const open = (folder: string, session: string, how: 'begin' | 'resume') =>
    directoryStore(context, folder).open(session, how);
  const run = async (folder: string, session: string, how: 'begin' | 'resume', calls: number) => {
    const log = await open(folder, session, how);
    let left = calls;
    const model = scripted(script, () => {
      left -= 1;
      if (left < 0) throw new Error('the job ends');
    });
    const end = await runWith(context, { model, log, session }).catch((error: Error) => error);
    await log.close();
    return { end, log };
  };
  const whole = await run(workspace(), randomUUID(), 'begin', Infinity);
  if (whole.end instanceof Error) throw whole.end;
  const [folder, session] = [workspace(), randomUUID()];
  await run(folder, session, 'begin', 4);
  const second = await run(folder, session, 'resume', 3);
  const third = await run(folder, session, 'resume', Infinity);
  expect([second.log.snapshot, third.log.snapshot]).toEqual([expect.anything(), expect.anything()]);
  expect(third.log.records.length).toBeLessThan(whole.log.records.length);
  if (third.end instanceof Error) throw third.end;
  expect(withoutCrash(third.end)).toEqual(withoutCrash(whole.end));
  expect(third.end.state.usage.callsLost).toBe(2);
  // A snapshot of a version to come is not guessed at either, nor one that holds no state of an agent.
  for (const version of ['v2', 'v1']) {
    const log = await open(folder, session, 'resume');
    await log.appendSnapshot({ format: `pipewright/session/${version}`, state: {} });
    await log.close();
    expect((await run(folder, session, 'resume', 1)).end).toEqual(codeOf('SESSION_RECORDS_INVALID'));
  }
});

test('records of another version are not guessed at', async () => {
  const cwd = repository({ [agentPath]: agentYaml() });
  const context = testContext(cwd);
  for (const [kind, body] of [
    ['hand-off', {}],
    ['session-begun', { format: 'pipewright/session/v2', kind: 'Agent' }],
  ] as const) {
    const store = directoryStore(context, join(workspace(), 'sessions'));
    const session = randomUUID();
    const log = await store.open(session, 'begin');
    await log.append(kind, body);
    const run = runWith(context, { model: scripted(review), log, session });
    await expect(run).rejects.toEqual(codeOf('SESSION_RECORDS_INVALID'));
    await log.close();
  }
});
