import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../components/kernel/canonical.ts';
import type { Message, Model } from '../../../components/models/types.ts';
import { agentReplay } from '../../../components/session/agent-replay.ts';
import { replayLog } from '../../../components/session/chronicle.ts';
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
  sessionOf,
  turn,
} from '../../session/support.ts';
import { endsOf } from '../../stores/log/frames.ts';
import { directoryStore } from '../../stores/support.ts';
import { type CliRun, pipewright, testContext } from '../../support/cli.ts';
import { writeFiles } from '../../support/workspace.ts';
import { rung, sh, start } from '../run/task-support.ts';

type Env = Readonly<Record<string, string>>;

/** A session of an agent that was run once, and the command about it. */
async function ran(completion?: string, env: Env = {}) {
  const cwd = repository({ [agentPath]: agentYaml() });
  await record(cwd, review);
  if (completion !== undefined) writeFiles(cwd, { [agentPath]: agentYaml({ completion }) });
  const run = await pipewright(runArguments, { cwd, env });
  const session = sessionOf(run);
  const sessions = (args: readonly string[], more: Env = env): Promise<CliRun> =>
    pipewright(['sessions', ...args], { cwd, env: more });
  return { cwd, run, session, sessions, segment: join(cwd, '.pipewright/sessions', session, '000001.log') };
}

const refused = (exitCode: number, code: string) => ({ exitCode, stderr: expect.stringContaining(code) });

const begun = {
  ...{ format: 'pipewright/session/v1', kind: 'Agent', name: 'x', manifest: { path: 'a', digest: 'b' } },
  target: { base: 'c', head: 'd' },
};

describe('list', () => {
  test('nothing is there yet', async () => {
    const run = await pipewright(['sessions'], { cwd: repository({}) });
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^no sessions: the directory /) });
  });

  test('newest first, with what each came to; one that cannot be read hides no other', async () => {
    const key = randomBytes(32).toString('base64');
    const { cwd, session, sessions } = await ran(undefined, { PIPEWRIGHT_SESSION_KEY: key });
    const other = sessionOf(await pipewright(runArguments, { cwd }));
    const mine = await sessions([], { PIPEWRIGHT_SESSION_KEY: key });
    expect(mine.stdout.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${session}  \\d{4}-.*Z  Agent reviewer, 1 job: complete$`)),
      `${other}  cannot be read: STORE_NOT_ENCRYPTED`,
      '',
    ]);
    const theirs = await sessions(['list', '--json'], {});
    expect(JSON.parse(theirs.stdout)).toMatchObject({
      store: 'directory',
      sessions: [
        { session: other, what: 'Agent reviewer', outcome: 'complete', jobs: 1 },
        { session, failure: 'cannot be read: STORE_KEY_MISSING' },
      ],
    });
  });
});

describe('show', () => {
  test('what happened, when and in which job, and how to go on', async () => {
    const blocked = 'default_signal: complete\nsignals: [{signal: blocked, condition: iteration_count == 2}]';
    const { cwd, session, sessions } = await ran(blocked);
    expect((await pipewright([...runArguments, `--session=${session}`], { cwd })).exitCode).toBe(0);
    const { stdout } = await sessions(['show', session]);
    const lines = stdout.split('\n').map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, '<time>'));
    expect(lines).toEqual([
      `session ${session}: Agent reviewer`,
      expect.stringMatching(new RegExp(`^manifest ${agentPath} \\(sha256:[0-9a-f]{64}\\)$`)),
      expect.stringMatching(/^commits [0-9a-f]{8} to [0-9a-f]{8}$/),
      'job 1',
      `  <time>  begun: Agent reviewer of ${agentPath}`,
      '  <time>  iteration 1 (called read-diff; 120 tokens so far; 0 proposals): continue, it has results to read',
      '  <time>  iteration 2 (called propose_note, propose_issue, report; 240 tokens so far; 2 proposals): blocked, iteration_count == 2 holds',
      '  <time>  blocked: iteration_count == 2 holds',
      'job 2',
      expect.stringMatching(
        /^ {2}<time> {2}iteration 3 \(no tool called; 360 tokens so far; 2 proposals\): complete/,
      ),
      expect.stringMatching(/^ {2}<time> {2}complete: /),
      expect.stringMatching(/^3 iterations, 300 tokens in and 60 out, 0\.000005 USD, \d+ s, 2 proposals$/),
      'next, as the agent says: the author corrects it',
      '',
    ]);
    const told = JSON.parse((await sessions(['show', session, '--json'])).stdout);
    expect(told.happenings).toHaveLength(6);
    expect(told).toMatchObject({
      end: { outcome: 'complete', iterations: 3 },
      head: readOutput(cwd, 'result').session.head,
    });
  });

  test('of one that was cut off it says so, and how to go on', async () => {
    const { session, sessions, segment } = await ran();
    const ends = endsOf(readFileSync(segment));
    truncateSync(segment, (ends.at(-2) ?? 0) + 5);
    const { stdout } = await sessions(['show', session]);
    expect(stdout).toContain('no job has ended its share: the last one was cut off, or is running\n');
    expect(stdout).toContain('5 bytes at the end were never acknowledged, or are not yet\n');
    expect(stdout).toMatch(new RegExp(`^to go on: .*--session=${session} --head=\\d+:[0-9a-f]{32}$`, 'm'));
  });

  test.skipIf(rung === 'none')('of a task: its attempts (needs the sandbox)', async () => {
    const { cwd, run } = await start({ script: sh('echo no JSON') });
    const { stdout } = await pipewright(['sessions', 'show', sessionOf(run)], { cwd });
    expect(stdout).toContain('attempt 1 begins\n');
    expect(stdout).toMatch(/attempt 1 came to nothing: /);
    expect(stdout).toMatch(/^1 attempt, 0 tokens in and 0 out/m);
  });
});

describe('verify', () => {
  test('says what is there, and what it cannot know', async () => {
    const { cwd, session, sessions, segment } = await ran();
    const { head } = readOutput(cwd, 'result').session;
    const plain = await sessions(['verify', session]);
    expect(plain.stdout).toMatch(
      new RegExp(`^\\d+ records of 1 job, each as it was written; head ${head}\nthat the newest`),
    );
    const held = await sessions(['verify', session, `--head=${head}`, '--json']);
    expect(JSON.parse(held.stdout)).toMatchObject({ session, jobs: 1, dropped: 0, head, headHeld: true });
    truncateSync(segment, endsOf(readFileSync(segment)).at(-2));
    expect(await sessions(['verify', session])).toMatchObject({ exitCode: 0 });
    expect(await sessions(['verify', session, `--head=${head}`])).toMatchObject(
      refused(3, 'SESSION_ROLLED_BACK'),
    );
  });
});

const schemaPath = resolve('../shared/data/ossa/schemas/v0.3.5_component_checkpoint.schema.json');

describe('export', () => {
  test.skipIf(!existsSync(schemaPath))(
    'is an AgentCheckpoint, for each version alike (skipped where ../shared/data/ossa is absent)',
    async () => {
      const { session, sessions } = await ran();
      const ajv = addFormats.default(new Ajv({ strict: false }));
      const { definitions } = JSON.parse(readFileSync(schemaPath, 'utf8'));
      const validate = ajv.compile({ ...definitions.AgentCheckpoint, definitions });
      const exported = [];
      for (const version of ['0.3.4', '0.3.5']) {
        const { stdout } = await sessions(['export', session, `--version=${version}`]);
        const checkpoint = JSON.parse(stdout);
        expect(validate(checkpoint), JSON.stringify(validate.errors)).toBe(true);
        expect(checkpoint).toMatchObject({
          session_id: session,
          agent_id: '@reviewer',
          state_version: version,
        });
        exported.push({ ...checkpoint, state_version: '' });
      }
      expect(exported[0]).toEqual(exported[1]);
      expect(exported[0]).toMatchObject({ iteration_count: 3, custom_state: { iterations: 3 } });
      expect(exported[0]?.messages.length).toBeGreaterThan(4);
    },
  );
});

describe('answer', () => {
  const blocked = 'default_signal: complete\nsignals: [{signal: blocked, condition: iteration_count == 2}]';

  test('what a person says is kept, and the agent reads it when the session goes on', async () => {
    const { cwd, session, sessions } = await ran(blocked);
    const { head } = readOutput(cwd, 'result').session;
    const answered = await sessions(['answer', session, 'The rate', 'is\u200b 19 %.', `--head=${head}`]);
    expect(answered).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^answered; to go on: --session=/),
    });
    expect((await sessions(['show', session])).stdout).toMatch(
      /job 2\n {2}\S+ {2}answered: The rate is 19 %\.\n/,
    );
    expect(await sessions(['answer', session, 'Again.'])).toMatchObject(refused(2, 'SESSION_NOT_WAITING'));
    const context = testContext(cwd);
    const log = await directoryStore(context, '.pipewright/sessions').open(session, 'resume');
    const asked: (Message | undefined)[] = [];
    const model: Model = {
      id: 'scripted',
      generate: async ({ messages }) => {
        asked.push(messages.at(-1));
        return turn('Then it is right.');
      },
    };
    const end = await runWith(context, { model, log, session });
    await log.close();
    expect(end.outcome).toBe('complete');
    expect(asked).toEqual([{ role: 'user', text: 'A person answers you:\nThe rate is 19 %.' }]);
  });

  test.each([[''], [' \u200b '], ['x'.repeat(17_000)]])('%j is no answer', async (words) => {
    const { session, sessions } = await ran(blocked);
    expect(await sessions(['answer', session, words])).toMatchObject(refused(2, 'SESSION_ANSWER'));
  });

  test('a session that is complete waits for none', async () => {
    const { session, sessions } = await ran();
    expect(await sessions(['answer', session, 'Hm.'])).toMatchObject(refused(2, 'SESSION_NOT_WAITING'));
  });

  test.skipIf(rung === 'none')('nor does a task (needs namespaces)', async () => {
    const { cwd, run } = await start({ script: sh('echo no JSON') });
    const answered = await pipewright(['sessions', 'answer', sessionOf(run), 'Hm.'], { cwd });
    expect(answered).toMatchObject(refused(2, 'SESSION_NOT_WAITING'));
  });
});

describe('prune', () => {
  test('drops what is before the last snapshot, and the session can be read, told and gone on with', async () => {
    const { cwd, session, sessions } = await ran('default_signal: blocked');
    expect((await sessions(['prune', session])).stdout).toMatch(/^nothing to drop: /);
    const store = directoryStore(testContext(cwd), '.pipewright/sessions');
    const log = await store.open(session, 'resume');
    const state = replayLog(session, log, agentReplay);
    await log.appendSnapshot({ format: 'pipewright/session/v1', state: agentReplay.save(state) });
    await log.close();
    const pruned = await sessions(['prune', session]);
    expect(pruned.stdout).toMatch(/^dropped 2 segments of \d+ bytes; /);
    const shown = await sessions(['show', session]);
    expect(shown.stdout).toContain(`session ${session}: Agent reviewer\n`);
    expect(shown.stdout).not.toContain('iteration 1');
    expect(shown.stdout).toMatch(/^3 iterations, 300 tokens in/m);
    expect(JSON.parse((await sessions(['prune', session, '--json'])).stdout)).toMatchObject({ segments: 0 });
    expect((await sessions(['answer', session, 'Go on.'])).exitCode).toBe(0);
  });
});

describe('erase', () => {
  test('leaves what a session was and what it cost, nothing of what was said, and it is not gone on with', async () => {
    const { cwd, session, sessions } = await ran('default_signal: blocked');
    const before = await sessions(['show', session]);
    expect(await logText(cwd, session)).toContain('price.ts');
    expect((await sessions(['erase', session])).stdout).toMatch(/^erased: /);
    const names = readdirSync(join(cwd, '.pipewright/sessions', session));
    expect(names).not.toContain('000001.log');
    expect(await logText(cwd, session)).not.toMatch(/price\.ts|propose_/);
    const shown = await sessions(['show', session]);
    const totals = /^3 iterations, .* USD, \d+ s/m;
    expect(totals.exec(shown.stdout)?.[0]).toBe(totals.exec(before.stdout)?.[0]);
    expect(shown.stdout).toContain('has been erased');
    expect((await sessions(['verify', session])).exitCode).toBe(0);
    const again = await pipewright([...runArguments, `--session=${session}`], { cwd });
    expect(again).toMatchObject(refused(2, 'SESSION_ERASED'));
    expect(await sessions(['answer', session, 'Go on.'])).toMatchObject(refused(2, 'SESSION_NOT_WAITING'));
  });

  test.skipIf(rung === 'none')('of a task nothing of its output is left (needs namespaces)', async () => {
    const { cwd, run } = await start({ script: sh('echo \'{"files": 77341}\'') });
    const session = sessionOf(run);
    expect(await logText(cwd, session)).toContain('77341');
    expect((await pipewright(['sessions', 'erase', session], { cwd })).exitCode).toBe(0);
    expect(await logText(cwd, session)).not.toContain('77341');
  });
});

describe('a log that anybody may have written', () => {
  test.each([
    [['iteration', {}]],
    [['session-begun', { kind: 'Agent' }]],
    [
      ['session-begun', begun],
      ['iteration', { decided: null }],
    ],
    [
      ['session-begun', begun],
      ['ended', null],
    ],
    [
      ['session-begun', begun],
      ['hand-off', {}],
    ],
    [
      ['session-begun', begun],
      ['turn-taken', {}],
    ],
    [
      ['session-begun', begun],
      ['delegated', { subagent: 'reader', task: '' }],
    ],
    [
      ['session-begun', begun],
      ['call-made', { of: 'reader' }],
    ],
  ])('%j', async (...records) => {
    const cwd = repository({});
    const session = randomUUID();
    const log = await directoryStore(testContext(cwd), '.pipewright/sessions').open(session, 'begin');
    for (const [kind, body] of records) await log.append(String(kind), body as JsonValue);
    await log.close();
    const run = await pipewright(['sessions', 'show', session], { cwd });
    expect(run).toMatchObject(refused(3, 'SESSION_RECORDS_INVALID'));
    const listed = await pipewright(['sessions'], { cwd });
    expect(listed.stdout).toBe(`${session}  cannot be read: SESSION_RECORDS_INVALID\n`);
  });
});

describe('what cannot be asked', () => {
  test.each([['delete'], ['show'], ['list', 'x'], ['show', 'a', 'b']])('%j %j', async (...given) => {
    const run = await pipewright(['sessions', ...given], { cwd: repository({}) });
    expect(run).toMatchObject(refused(2, 'SESSION_ACTION'));
  });

  test('a session that is not there, and what is no id', async () => {
    const { sessions } = await ran();
    expect(await sessions(['show', randomUUID()])).toMatchObject(refused(2, 'STORE_SESSION_MISSING'));
    expect(await sessions(['show', '../../etc'])).toMatchObject(refused(2, 'STORE_SESSION_ID'));
  });
});
