import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TwinProject } from '../../components/twin/setup/twin-file.gen.ts';
import type { RunningTwin } from '../../components/twin/twin.ts';
import type { Job } from '../../components/twin/world/pipeline.ts';
import { makePlace } from '../bench/sessions/place.ts';
import { agentPath, agentYaml, runWith, scripted } from '../session/agents.ts';
import { directoryStore } from '../stores/support.ts';

// A runner that is lost in the middle of a session, and the pipeline that goes on: for a test and for a measurement.

/** So many that the session takes a second or two, of which its runner is lost in the first. */
const iterations = 40;

const yaml = `spec:
  inputs:
    session: { default: '' }
---
include:
  - component: $CI_SERVER_FQDN/pipewright/pipewright/run@main
    inputs:
      image: registry.example.com/pipewright:1
      agent: ${agentPath}
      cassette: turns.jsonl
      pipelines: branch
      session: $[[ inputs.session ]]
      store: STORE
`;

export type LosingStore = 'directory' | 'gitlab-package' | 'postgres' | 's3';

export interface LostProject {
  readonly files: Readonly<Record<string, string>>;
  readonly settings: TwinProject;
}

/**
 * A project whose pipeline runs a long session in that store.
 *
 * @param place - variables that say where the store is
 */
export async function lostProject(
  store: LosingStore,
  place: Readonly<Record<string, string>> = {},
): Promise<LostProject> {
  const made = makePlace(iterations);
  try {
    const lines: string[] = [];
    const session = randomUUID();
    const log = await directoryStore(made.context, 'sessions').open(session, 'begin');
    const model = scripted(made.turns, (line) => lines.push(line));
    await runWith(made.context, { model, log, session });
    await log.close();
    const extensions = '{pipewright: {proposals: {note: {topics: [review]}, issue: {max: 20}}}}';
    const completion = `default_signal: complete\nmax_iterations: ${iterations + 10}`;
    return {
      files: {
        '.gitlab-ci.yml': yaml.replace('STORE', store),
        [agentPath]: agentYaml({ completion, extensions }),
        'src/a.ts': 'export const a = 1;\n',
        'turns.jsonl': lines.join(''),
      },
      settings: {
        variables: {
          PIPEWRIGHT_SESSION_KEY: { value: randomBytes(32).toString('base64'), masked: true },
          ...Object.fromEntries(Object.entries(place).map(([name, value]) => [name, { value }])),
        },
      },
    };
  } finally {
    made.close();
    rmSync(made.cwd, { recursive: true, force: true });
  }
}

export interface Lost {
  readonly first: Job;
  readonly second: Job;
  /** Iterations that the first job told of before its runner was lost. */
  readonly told: number;
  /** Milliseconds from the loss to the first new iteration, of which a person or a schedule takes none to start the pipeline. */
  readonly took: number;
}

/** Starts the pipeline of main, loses the runner in the middle of the session, and goes on in another at once. */
export async function loseRunner(
  twin: RunningTwin,
  start: (inputs: Readonly<Record<string, string>>) => Promise<number>,
): Promise<Lost> {
  const jobOf = async (inputs: Readonly<Record<string, string>>): Promise<Job> => {
    const id = await start(inputs);
    const job = twin.world.pipelines.get(id)?.jobs.find(({ name }) => name === 'pipewright-run');
    if (job === undefined) throw new Error(`pipeline ${id} has no job pipewright-run`);
    return job;
  };
  const first = await jobOf({});
  await until(() => /^iteration 10 /m.test(first.trace), first);
  const lostAt = performance.now();
  await twin.pipelines.loseRunner(first);
  const told = Math.max(...iterationsOf(first));
  const session = /^session (\S+), job 1 of it/m.exec(first.trace)?.[1] ?? '';
  const second = await jobOf({ session });
  await until(() => iterationsOf(second).length > 0 || second.finishedAt !== undefined, second);
  const took = performance.now() - lostAt;
  await until(() => second.finishedAt !== undefined, second);
  return { first, second, told, took };
}

export function iterationsOf({ trace }: Job): readonly number[] {
  return [...trace.matchAll(/^iteration (\d+) /gm)].map(([, number]) => Number(number));
}

async function until(isSo: () => boolean, job: Job): Promise<void> {
  const end = performance.now() + 30_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`it does not come to it: ${job.trace}`);
    await sleep(2);
  }
}
