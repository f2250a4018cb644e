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

/**
 * Files share a process of their project, which loads everything once: a test leaves nothing behind in it. Those that start
 * programs are apart from the others: to start one costs as much as the process is large.
 */
const computing = [
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

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'computing', include: computing } },
      {
        extends: true,
        test: {
          name: 'starting',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...computing],
        },
      },
    ],
    isolate: false,
    // Node runs our sources as they are: nothing is bundled or rewritten first, and nothing here is mocked.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    setupFiles: ['test/support/samples.ts'],
    // Tests that run pipelines take seconds each, on a busy machine several times that.
    testTimeout: 60_000,
    // Processes, not threads: to start a program copies the tables of a process's memory, which all threads share.
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Most tests wait for programs they have started: twice as many files as cores keep two cores busy.
    maxWorkers: availableParallelism() * 2,
  },
});
