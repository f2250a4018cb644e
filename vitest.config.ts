import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute or two begin first: at the end one of them would keep one core busy and the other idle. */
const longOnes = [
  'test/twin/features/cases.test.ts',
  'test/templates/',
  'test/decide/',
  'test/manifest/ossa-schemas',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      Number(!longOnes.some((long) => moduleId.includes(long)));
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Tests that start no program and keep nothing: they share a process, which loads everything once. */
const pure = ['manifest', 'kernel', 'formats', 'policy', 'expressions', 'proposals'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      { extends: true, test: { name: 'others', include: ['test/**/*.test.ts'], exclude: pure } },
    ],
    // Tests that run pipelines take seconds each, on a busy machine several times that.
    testTimeout: 60_000,
    // Processes, not threads: to start a program copies the tables of a process's memory, which all threads share.
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Most tests wait for programs they have started: three files at a time keep two cores busy (measured: two take a tenth longer).
    maxWorkers: availableParallelism() + 1,
  },
});
