import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests that run pipelines take seconds each, on a busy machine several times that.
    testTimeout: 60_000,
    // Processes, not threads: to start a program copies the tables of a process's memory, which all threads share.
    pool: 'forks',
    // Most tests wait for programs they have started: two files at a time keep two cores busy.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
