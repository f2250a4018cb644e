import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Considered,
  decide,
  predecessors,
  type Step,
} from '../../../components/twin/pipelines/scheduler/decide.ts';
import { reasonOf } from '../../../components/twin/pipelines/scheduler/reasons.ts';
import type { JobStatus } from '../../../components/twin/world/pipeline.ts';
import { exit, type JobSketch, rig } from './harness.ts';

const stages = ['a', 'b', 'c'];

interface Drawn extends Considered {
  readonly fails: boolean;
  readonly stage: string;
}

/** Pipelines as GitLab takes them: a job needs only jobs of its own stage or earlier ones, in no circle. */
const pipelines: fc.Arbitrary<readonly Drawn[]> = fc
  .array(
    fc.record({
      stage: fc.nat({ max: 2 }),
      when: fc.constantFrom('on_success', 'on_success', 'on_failure', 'always', 'manual'),
      allowFailure: fc.boolean(),
      fails: fc.boolean(),
      needs: fc.option(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((drawn) => {
    const sorted = drawn.toSorted((one, other) => one.stage - other.stage);
    return sorted.map(({ stage, needs, ...rest }, at) => ({
      ...{ ...rest, name: `job${at}`, stage: stages[stage] ?? 'a', kind: 'build', status: 'created' },
      needs: needs?.filter((other) => other < at).map((other) => `job${other}`),
      immediate: false,
    }));
  });

const becomes: Record<Step, JobStatus> = {
  ...{ enqueue: 'running', manual: 'manual', scheduled: 'scheduled', skip: 'skipped' },
};

/** Plays a pipeline to its end; `choose` says which of the running jobs ends next. */
function play(
  drawn: readonly Drawn[],
  choose: (running: number) => number,
  started: (job: Drawn, all: readonly Drawn[]) => void,
) {
  let jobs = drawn;
  const change = (name: string, status: JobStatus) => {
    jobs = jobs.map((job) => (job.name === name ? { ...job, status } : job));
  };
  for (let turns = 0; turns <= 4 * drawn.length; turns++) {
    for (const [job, step] of decide(jobs, stages)) {
      change(job.name, becomes[step]);
      if (step === 'enqueue') started(job, jobs);
    }
    const running = jobs.filter(({ status }) => status === 'running');
    const next = running[choose(running.length)];
    if (next === undefined) return jobs;
    change(next.name, next.fails ? 'failed' : 'success');
  }
  throw new Error('it does not come to an end');
}

const statusesOf = (jobs: readonly Drawn[]) => jobs.map(({ name, status }) => `${name} ${status}`);
const ended: readonly JobStatus[] = ['success', 'failed', 'skipped', 'canceled'];

test('no job starts before those it waits for have ended', () => {
  fc.assert(
    fc.property(pipelines, fc.nat(), (drawn, seed) => {
      play(
        drawn,
        (running) => seed % Math.max(1, running),
        (job, all) => {
          const before = predecessors(job, all, stages);
          // With needs, GitLab lets a job of `always` start as soon as one of them is not to run.
          if (job.needs !== undefined && job.when === 'always') {
            if (before.some(({ status }) => status === 'skipped' || status === 'manual')) return;
          }
          const open = before.filter(({ status, allowFailure }) => {
            return !ended.includes(status) && !(status === 'manual' && allowFailure);
          });
          expect(open).toEqual([]);
        },
      );
    }),
    { numRuns: 500 },
  );
});

test('every pipeline comes to an end, and what is left waits for a manual job and says for which', () => {
  fc.assert(
    fc.property(pipelines, (drawn) => {
      const jobs = play(
        drawn,
        () => 0,
        () => undefined,
      );
      for (const job of jobs.filter(({ status }) => status === 'created' || status === 'skipped')) {
        const reason = reasonOf(job, jobs, stages);
        expect(reason).toMatch(
          job.status === 'created'
            ? /^waits for the manual job job\d$/
            : /^(waits for the manual job job\d|job\d (failed|did not run)|no job before it failed)$/,
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('the order in which jobs end does not change how they end', () => {
  fc.assert(
    fc.property(pipelines, fc.infiniteStream(fc.nat()), (drawn, stream) => {
      const choose = (running: number) => (stream.next().value ?? 0) % Math.max(1, running);
      const either = play(drawn, choose, () => undefined);
      expect(statusesOf(either)).toEqual(
        statusesOf(
          play(
            drawn,
            () => 0,
            () => undefined,
          ),
        ),
      );
    }),
    { numRuns: 500 },
  );
});

test('the loop comes to the end that the decisions say, and a retry of what passed changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(pipelines, fc.nat({ max: 3 }), async (drawn, room) => {
      const { run, runner, pipelines: running, user } = rig({ concurrency: room + 1 });
      for (const { name, fails } of drawn) runner.ends[name] = exit(fails ? 1 : 0);
      const jobs = Object.fromEntries(
        drawn.map(({ name, stage, when, allowFailure, needs }) => {
          const sketch = {
            stage,
            when,
            allowFailure,
            ...(needs === undefined ? {} : { needs }),
          } as JobSketch;
          return [name, sketch];
        }),
      );
      const pipeline = await run({ stages, jobs });
      const now = () =>
        pipeline.jobs
          .filter(({ retried }) => !retried)
          .map(({ name, status }) => `${name} ${status}`)
          .toSorted();
      const expected = statusesOf(
        play(
          drawn,
          () => 0,
          () => undefined,
        ),
      ).toSorted();
      expect(now()).toEqual(expected);
      const passed = pipeline.jobs.find(({ status }) => status === 'success');
      if (passed !== undefined) {
        await running.retry(passed, user);
        await running.settled(pipeline);
      }
      expect(now()).toEqual(expected);
      await running.close();
    }),
    { numRuns: 100 },
  );
});
