import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // A test that starts pipelines needs seconds, not a longer default for all: it sets its own limit.
    pool: 'threads',
  },
});
