import { randomUUID } from 'node:crypto';
import type { SessionLog, SessionStore } from '../../components/stores/types.ts';

/** What two writers of one session were told, and what a third one finds. */
export interface Contest {
  /** Records that were acknowledged: by sequence, who wrote them. */
  readonly acknowledged: readonly { readonly sequence: number; readonly by: string }[];
  /** Acknowledged and not found, or found as another's. */
  readonly lost: readonly string[];
  /** Sequences acknowledged twice. */
  readonly doubled: readonly number[];
  /** Codes of failures. */
  readonly failures: readonly string[];
}

/**
 * Lets one writer begin a session, and two go on with it at the same time while it still writes.
 *
 * @param pause - awaited before each step: how the three take turns
 * @param calm - called before the log is read: from then on nothing goes wrong
 */
export async function contest(
  open: () => SessionStore,
  pause: () => Promise<unknown>,
  records: number,
  calm: () => void = () => undefined,
): Promise<Contest> {
  const session = randomUUID();
  const acknowledged: { sequence: number; by: string }[] = [];
  const failures: string[] = [];
  const writer = async (by: string, how: 'begin' | 'resume', until?: Promise<unknown>): Promise<void> => {
    await until;
    await pause();
    let log: SessionLog | undefined;
    try {
      log = await open().open(session, how);
      for (let index = 0; index < records; index += 1) {
        await pause();
        const { sequence } = await log.append('step', { by, index });
        acknowledged.push({ sequence, by: `${by} ${index}` });
      }
    } catch (error) {
      failures.push(codeOf(error));
    } finally {
      await log?.close();
    }
  };
  let first: SessionLog;
  try {
    first = await open().open(session, 'begin');
    const { sequence } = await first.append('step', { by: 'first', index: -1 });
    acknowledged.push({ sequence, by: 'first -1' });
  } catch (error) {
    return { acknowledged: [], lost: [], doubled: [], failures: [codeOf(error)] };
  }
  const old = async (): Promise<void> => {
    try {
      for (let index = 0; index < records; index += 1) {
        await pause();
        const { sequence: next } = await first.append('step', { by: 'first', index });
        acknowledged.push({ sequence: next, by: `first ${index}` });
      }
    } catch (error) {
      failures.push(codeOf(error));
    } finally {
      await first.close();
    }
  };
  await Promise.all([old(), writer('second', 'resume'), writer('third', 'resume')]);
  calm();
  const found = new Map(
    (await open().read(session)).records.map(({ sequence: at, body }) => {
      const { by, index } = body as { readonly by: string; readonly index: number };
      return [at, `${by} ${index}`];
    }),
  );
  const numbers = acknowledged.map(({ sequence: at }) => at);
  return {
    acknowledged,
    lost: acknowledged.flatMap(({ sequence: at, by }) => (found.get(at) === by ? [] : [`${at}: ${by}`])),
    doubled: numbers.filter((at, index) => numbers.indexOf(at) !== index),
    failures,
  };
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? error);
}
