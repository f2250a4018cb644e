import { onTestFinished } from 'vitest';

const open: (() => unknown)[] = [];

/** What ends with the test that runs; where none runs, in a benchmark, with `closeAll`. */
export function atEnd(close: () => unknown): void {
  if (process.env.VITEST === undefined) open.unshift(close);
  else onTestFinished(async () => void (await close()));
}

/** Ends what a benchmark has open, the newest first. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0)) await close();
}
