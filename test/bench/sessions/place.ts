import { randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Context } from '../../../components/kernel/context.ts';
import type { Model, ModelTurn } from '../../../components/models/types.ts';
import type { AgentEnd } from '../../../components/session/run-agent.ts';
import { createDirectoryStore } from '../../../components/stores/directory.ts';
import { type KeyRing, parseKey } from '../../../components/stores/log/keys.ts';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import { createPostgresStore } from '../../../components/stores/postgres.ts';
import { parseBucketUrl } from '../../../components/stores/s3/place.ts';
import { createS3Store } from '../../../components/stores/s3.ts';
import type { SessionLog, SessionStore } from '../../../components/stores/types.ts';
import { agentPath, agentYaml, runWith, scripted, turn } from '../../session/agents.ts';
import { exampleCredentials } from '../../stores/s3-server.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';

/** Where sessions of one agent run: a checkout with its manifest. */
export interface Place {
  readonly cwd: string;
  readonly context: Context;
  readonly turns: readonly ModelTurn[];
  readonly close: () => void;
}

/** An agent of so many iterations: it reads, and proposes a note every fifth time, which is what would be doubled. */
export function makePlace(iterations: number): Place {
  const cwd = mkdtempSync(join(tmpdir(), 'pipewright-bench-sessions-'));
  const completion = `default_signal: complete\nmax_iterations: ${iterations + 10}`;
  const extensions = '{pipewright: {proposals: {note: {topics: [review]}, issue: {max: 20}}}}';
  writeFiles(cwd, {
    [agentPath]: agentYaml({ completion, extensions }),
    'src/a.ts': 'export const a = 1;\n',
  });
  commitAll(cwd);
  return {
    ...{ cwd, turns: turnsOf(iterations), context: testContext(cwd) },
    close: () => rmSync(cwd, { recursive: true, force: true }),
  };
}

/** What the model of such an agent answers. */
export function turnsOf(iterations: number): readonly ModelTurn[] {
  const turns = Array.from({ length: iterations - 1 }, (_, index) =>
    index % 5 === 0
      ? turn('', ['propose_issue', { title: `Finding ${index}`, body: 'Look at it.' }])
      : turn('', ['list_files', { index }]),
  );
  return [...turns, turn('Done.')];
}

export function newKey(): KeyRing {
  return { current: parseKey('KEY', randomBytes(32).toString('base64')), earlier: [] };
}

/** @param url - of a database, or of a bucket of the tests' own S3; empty for a folder of the checkout */
export function openStore(context: Context, cwd: string, secret: string, url: string): SessionStore {
  const keys = { current: parseKey('KEY', secret), earlier: [] };
  const segments =
    url === ''
      ? createDirectoryStore(context, join(cwd, 'sessions'))
      : url.startsWith('http:')
        ? createS3Store(context, parseBucketUrl(url), { ...exampleCredentials, sessionToken: undefined })
        : createPostgresStore(url);
  return createSessionStore(context, segments, keys);
}

export interface Ran {
  readonly end: AgentEnd | undefined;
  readonly failure: unknown;
}

/**
 * Runs a job's share of a session. What is acknowledged and each call of the model is noted at once in files, which a
 * killed process leaves.
 *
 * @param thinks - milliseconds the model takes
 */
export async function runShare(
  { context, turns }: Pick<Place, 'context' | 'turns'>,
  store: SessionStore,
  session: string,
  notes: string,
  thinks = 0,
): Promise<Ran> {
  try {
    const how = linesOf(notes, 'opened').length === 0 ? 'begin' : 'resume';
    const opened = await store.open(session, how).catch((error: unknown) => {
      // The job before was killed between making the session and saying so.
      if ((error as { code?: unknown }).code === 'STORE_SESSION_EXISTS') return store.open(session, 'resume');
      throw error;
    });
    appendFileSync(join(notes, 'opened'), `${opened.epoch}\n`);
    const log: SessionLog = {
      ...opened,
      append: async (kind, body) => {
        const record = await opened.append(kind, body);
        appendFileSync(join(notes, 'acknowledged'), `${JSON.stringify(record)}\n`);
        return record;
      },
    };
    const answers = scripted(turns);
    const model: Model = {
      id: answers.id,
      generate: async (request) => {
        appendFileSync(join(notes, 'calls'), '.\n');
        if (thinks > 0) await setTimeout(thinks);
        return answers.generate(request);
      },
    };
    const end = await runWith(context, { model, log, session }).finally(() => log.close());
    return { end, failure: undefined };
  } catch (failure) {
    return { end: undefined, failure };
  }
}

export function linesOf(notes: string, name: 'opened' | 'acknowledged' | 'calls'): readonly string[] {
  try {
    return readFileSync(join(notes, name), 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

/** What kills have done to a session that was gone on with until it was complete. */
export interface Judged {
  /** Acknowledged records that the log does not hold, or holds otherwise. */
  readonly lost: number;
  /** Proposals beyond those of a session that nobody killed. */
  readonly doubled: number;
  /** Calls of the model beyond those of such a session. */
  readonly repeated: number;
}

export async function judge(
  { turns }: Pick<Place, 'turns'>,
  store: SessionStore,
  session: string,
  notes: string,
  end: AgentEnd,
): Promise<Judged> {
  const kept = new Map((await store.read(session)).records.map((record) => [record.sequence, record]));
  const lost = linesOf(notes, 'acknowledged').filter((line) => {
    const record = JSON.parse(line) as { readonly sequence: number };
    return JSON.stringify(kept.get(record.sequence)) !== line;
  });
  const proposals = turns.flatMap(({ toolCalls }) =>
    toolCalls.filter(({ name }) => name === 'propose_issue'),
  );
  return {
    lost: lost.length,
    doubled: Math.abs(end.state.proposals.length - proposals.length),
    repeated: linesOf(notes, 'calls').length - turns.length,
  };
}

/** A session that does not exist yet, and a folder for what is noted of it. */
export function newSession(place: Pick<Place, 'cwd'>): { readonly session: string; readonly notes: string } {
  const session = randomUUID();
  const notes = join(place.cwd, 'notes', session);
  mkdirSync(notes, { recursive: true });
  return { session, notes };
}
