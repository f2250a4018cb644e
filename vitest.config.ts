import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests that run pipelines take seconds each, on a busy machine several times that.
    testTimeout: 60_000,
    pool: 'threads',
  },
});
