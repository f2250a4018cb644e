import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../../../components/models/types.ts';
import { createSandbox } from '../../../components/sandbox/create.ts';
import { eraseSession } from '../../../components/session/erase.ts';
import { answerSession } from '../../../components/session/person-answer.ts';
import type { Answer } from '../../../components/session/records.ts';
import type { AgentEnd } from '../../../components/session/run-agent.ts';
import type { SessionLog } from '../../../components/stores/types.ts';
import { directoryStore } from '../../stores/support.ts';
import { testContext } from '../../support/cli.ts';
import { workspace, writeFiles } from '../../support/workspace.ts';
import { runWith } from '../agents.ts';
import { agentPath, agentYaml, repository } from '../support.ts';

/** A program runs shut in or not at all. */
export const { rung, reason } = await createSandbox(testContext('/')).state();
export const titled = (name: string) => (rung === 'none' ? `${name} (skipped: ${reason})` : name);

export const programs = {
  node: readFileSync('test/consumer/loop/loop.mjs', 'utf8'),
  python: readFileSync('test/consumer/loop/loop.py', 'utf8'),
};

const proposals = 'proposals: {note: {topics: [review]}, issue: {max: 2}}';
export const loopPath = 'agents/loop';

/** A checkout whose agent is a program. */
export function withProgram(program: string, parts: Parameters<typeof agentYaml>[0] = {}): string {
  const extensions = `{pipewright: {${proposals}, loop: {entrypoint: ${loopPath}, args: [one]}}}`;
  return repository({ [agentPath]: agentYaml({ extensions, ...parts }), [loopPath]: program });
}

/** A program of bash that greets, and then says what is given, waiting for an answer after each. */
export function saying(...requests: readonly object[]): string {
  const lines = requests.map((each, index) => `ask '${JSON.stringify({ id: index, ...each })}'`);
  return shell(...lines);
}

/** A program of bash that greets; `ask` says a line and reads the answer. */
export function shell(...lines: readonly string[]): string {
  return [
    '#!/bin/bash',
    'IFS= read -r hello',
    `echo '{"type":"hello","protocol":1}'`,
    'ask() { printf "%s\\n" "$1"; IFS= read -r answer || exit 9; echo "$answer" >&2; }',
    ...lines,
    '',
  ].join('\n');
}

export const user = (text: string) => ({ role: 'user', text });
export const model = (text: string) => ({ type: 'model', messages: [user(text)] });
export const note = (body: string) => ({ type: 'propose', kind: 'note', fields: { body } });
export const done = { type: 'done' };

type Parts = Omit<Parameters<typeof runWith>[1], 'log' | 'session'>;

/** A session of a checkout that is run as often as one likes. */
export function sessionIn(cwd: string, change: Parameters<typeof testContext>[1] = {}) {
  const told: string[] = [];
  const plain = testContext(cwd);
  const log = { ...plain.log, info: (text: string) => void told.push(text) };
  const context = testContext(cwd, { log, ...change });
  const store = directoryStore(context, join(workspace(), 'sessions'));
  const session = randomUUID();
  let how: 'begin' | 'resume' = 'begin';
  const open = async () => {
    const opened = await store.open(session, how);
    how = 'resume';
    return opened;
  };
  return {
    told,
    session,
    /** @param through - changes the log that is written to, as an outside that breaks */
    run: async (parts: Parts, through = (one: SessionLog) => one): Promise<AgentEnd> => {
      const opened = await open();
      try {
        return await runWith(context, { ...parts, log: through(opened), session });
      } finally {
        await opened.close();
      }
    },
    answer: async (answer: Answer) => {
      const opened = await open();
      await answerSession(opened, session, answer);
      await opened.close();
    },
    /** Gives what is left of it. */
    erase: async () => {
      const opened = await open();
      await eraseSession(opened, session);
      await opened.close();
      return JSON.stringify((await store.read(session)).records.at(-1));
    },
    records: async () => (await store.read(session)).records,
    change: (program: string) => writeFiles(cwd, { [loopPath]: program }),
  };
}

/** A model that says how often it was asked. */
export function counting(): {
  readonly model: Model;
  readonly calls: () => number;
  readonly asked: string[];
} {
  let calls = 0;
  const asked: string[] = [];
  return {
    asked,
    calls: () => calls,
    model: {
      id: 'counting',
      generate: async (request) => {
        calls += 1;
        asked.push(JSON.stringify(request.messages));
        const usage = { inputTokens: 10, outputTokens: 5 };
        return { text: `turn ${asked.at(-1)?.length}`, toolCalls: [], usage, costPicoUsd: 1_000n };
      },
    },
  };
}
