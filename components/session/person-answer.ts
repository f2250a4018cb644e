import type { JsonValue } from '../kernel/canonical.ts';
import type { SessionLog } from '../stores/types.ts';
import { agentReplay } from './agent-replay.ts';
import { begunOf, replayLog } from './chronicle.ts';
import { errors } from './errors.ts';
import { withoutInvisible } from './hidden/invisible.ts';
import type { Answer, Waiting } from './records.ts';

/** Bytes of an answer. */
const most = 16 * 1024;

/** What of a person's words becomes part of a session. @throws SESSION_ANSWER */
export function readAnswer(words: string, redact: (text: string) => string): Answer {
  const text = redact(withoutInvisible(words).text).trim();
  if (text === '') throw errors.ANSWER({ reason: 'it has no words' });
  const bytes = Buffer.byteLength(text);
  if (bytes > most) throw errors.ANSWER({ reason: `it has ${bytes} bytes, at most ${most} are read` });
  return { text };
}

/**
 * Writes an answer into the log of a session, which goes on with it.
 * @throws SESSION_NOT_WAITING, SESSION_RECORDS_INVALID, and what the store throws
 */
export async function answerSession(log: SessionLog, session: string, answer: Answer): Promise<void> {
  if (begunOf(log)?.kind === 'Task')
    throw errors.NOT_WAITING({ session, why: 'it is of a task, which reads its input only' });
  const { ended, waiting } = replayLog(session, log, agentReplay);
  const why =
    ended === undefined ? 'no job has ended its share, or it was answered already' : `it is ${ended.outcome}`;
  if (ended?.outcome !== 'blocked' && ended?.outcome !== 'escalate')
    throw errors.NOT_WAITING({ session, why });
  const approves = readApproval(answer.text, waiting);
  const said = approves === undefined ? answer : { ...answer, approves };
  await log.append('answered', said as unknown as JsonValue);
}

/** `approve` and the digests of calls that wait; anything else is words. @throws SESSION_ANSWER for other digests */
function readApproval(text: string, waiting: readonly Waiting[]): readonly string[] | undefined {
  if (!/^approve(\s+sha256:[0-9a-f]{64})+$/.test(text)) return undefined;
  const digests = text.split(/\s+/).slice(1);
  const unknown = digests.find((one) => !waiting.some(({ digest }) => digest === one));
  if (unknown !== undefined) throw errors.ANSWER({ reason: `no call of the session waits with ${unknown}` });
  return digests;
}
