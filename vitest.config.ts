import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests that run pipelines take seconds each, on a busy machine several times that.
    testTimeout: 60_000,
    pool: 'threads',
    // Most tests wait for programs they have started: two files at a time also keep two cores busy.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
