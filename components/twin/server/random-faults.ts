import type { Effect, Schedule } from './faults.ts';

export interface RandomFaultOptions {
  /** Share of the requests that meet a fault, 0 to 1. */
  readonly rate: number;
  readonly effects: readonly Effect[];
  /** Most faults in a row for one method and path, so that a client that tries again gets through. Default 2. */
  readonly mostInRow?: number;
  /** Methods that may meet one. Default: all. */
  readonly methods?: readonly string[];
}

/** A schedule that is the same for the same seed and the same order of requests. */
export function randomFaults(seed: number, options: RandomFaultOptions): Schedule {
  const { rate, effects, mostInRow = 2, methods } = options;
  const random = createRandom(seed);
  const inRow = new Map<string, number>();
  return ({ method, path }) => {
    if (methods !== undefined && !methods.includes(method)) return undefined;
    const [chance, choice] = [random(), random()];
    const key = `${method} ${path}`;
    const before = inRow.get(key) ?? 0;
    const hits = chance < rate && before < mostInRow;
    inRow.set(key, hits ? before + 1 : 0);
    return hits ? effects[Math.floor(choice * effects.length)] : undefined;
  };
}

/** Numbers from 0 to below 1: mulberry32, which is in the public domain. */
function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
