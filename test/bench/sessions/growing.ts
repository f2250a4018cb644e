import type { SessionLog, SessionStore } from '../../../components/stores/types.ts';
import { before, message } from './text.ts';

/** Lets a session grow by a message each iteration, and gives the milliseconds each took to be kept. */
export async function grow(log: SessionLog, iterations: number): Promise<readonly number[]> {
  const state = Array.from({ length: before }, (_, index) => message(index));
  await log.append('begun', state);
  const times: number[] = [];
  for (let index = 0; index < iterations; index += 1) {
    const text = message(before + index);
    state.push(text);
    const start = performance.now();
    await log.append('iteration', { text, iterations: index + 1, tokens: index * 120 });
    if (log.isSnapshotDue()) await log.appendSnapshot(state);
    times.push(performance.now() - start);
  }
  return times;
}

/** Milliseconds of going on with a session, some times. */
export async function resumes(store: SessionStore, session: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const start = performance.now();
    const log = await store.open(session, 'resume');
    times.push(performance.now() - start);
    await log.close();
  }
  return times;
}
