import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute or two begin first: at the end one of them would keep one core busy and the other idle. */
const longOnes = [
  'test/twin/features/cases.test.ts',
  'test/templates/',
  'test/decide/',
  'test/manifest/ossa-schemas',
  'test/gitlab/endpoints/contract',
  'test/setup/',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      Number(!longOnes.some((long) => moduleId.includes(long)));
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Tests that leave nothing behind in their process share one, which loads everything once. */
const shared = [
  ...['lint-ci', 'manifest', 'kernel', 'formats', 'policy', 'expressions', 'proposals', 'gitlab'],
  ...['explain', 'init', 'lint-ci', 'migrate', 'validate'].map((command) => `scripts/${command}`),
  ...[
    'api',
    'check',
    'pipelines',
    'render',
    'repositories',
    'review',
    'runner',
    'scheduler',
    'server',
    'setup',
  ].map((part) => `twin/${part}`),
].map((folder) => `test/${folder}/**/*.test.ts`);

/** So do those that start many programs, apart from the others: to start one costs as much as the process is large. */
const starting = [
  ...[
    'session',
    'stores/log',
    'models',
    'attest',
    'catalog',
    'git',
    'setup',
    'decide',
    'contracts',
    'agents',
  ],
  ...['run', 'sessions', 'gate', 'policy'].map((command) => `scripts/${command}`),
].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      { extends: true, test: { name: 'starting', include: starting, isolate: false } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...shared, ...starting],
        },
      },
    ],
    setupFiles: ['test/support/samples.ts'],
    // Tests that run pipelines take seconds each, on a busy machine several times that.
    testTimeout: 60_000,
    // Processes, not threads: to start a program copies the tables of a process's memory, which all threads share.
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Most tests wait for programs they have started: three files at a time keep two cores busy (measured: two take a tenth longer).
    maxWorkers: availableParallelism() + 1,
  },
});
