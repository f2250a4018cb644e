/** One measured figure, with what the peer or the limit did in the same run. */
export interface Figure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** Null where there is nothing to hold it against but the peer. */
  readonly goal: number | null;
  readonly holds: boolean;
  readonly against: string;
}

export type Bench = () => Promise<readonly Figure[]>;

export function figure(init: Omit<Figure, 'holds'>): Figure {
  const { value, goal, better } = init;
  return { ...init, holds: goal === null || (better === 'lower' ? value <= goal : value >= goal) };
}

/** The middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Milliseconds of each command in turn, A B A B …, so that a drift of the machine touches all alike. */
export function timeInTurn(commands: readonly (() => void)[], rounds: number): number[][] {
  const times: number[][] = commands.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, command] of commands.entries()) {
      const started = performance.now();
      command();
      // The first round warms file caches up and is not counted.
      if (round >= 0) times[index]?.push(performance.now() - started);
    }
  }
  return times;
}
