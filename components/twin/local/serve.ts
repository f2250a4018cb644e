import { join } from 'node:path';
import { writeFileAtomic } from '../../kernel/files.ts';
import type { SetUp } from '../setup/apply-twin-file.ts';
import type { Observer } from './look.ts';
import { isActive, type StepResult, writeResults } from './run-step.ts';
import type { Stage } from './stage.ts';

/** Name of the file with the address and the tokens of a twin that is up. */
const twinFile = 'twin.json';

/** GitLab's own worker looks for due schedules in this rhythm, too. */
const minute = 60_000;
/** How often is looked for pipelines that have ended. */
const look = 500;

interface Audience {
  /** The twin is up. */
  readonly onServe: (file: string) => void;
  /** A pipeline has ended. */
  readonly onResult: (result: StepResult) => void;
}

/**
 * Keeps a twin up until the command is cancelled, starting schedules when they are due and telling of pipelines that
 * have ended. Who may do what on it is written to a file for its owner alone: tokens are never printed.
 */
export async function serveTwin(
  stage: Stage,
  { tokens }: SetUp,
  observer: Observer,
  out: string,
  { onServe, onResult }: Audience,
): Promise<void> {
  const { context, twin } = stage;
  const { clock } = context;
  const file = join(out, twinFile);
  const users = Object.fromEntries([...tokens].map(([user, token]) => [user, { token }]));
  await writeFileAtomic(context, join(out, '.gitignore'), '*\n');
  await writeFileAtomic(context, file, `${JSON.stringify({ url: twin.url, users }, null, 2)}\n`, {
    mode: 0o600,
  });
  const told = new Set(twin.world.pipelines.keys());
  onServe(file);
  try {
    for (let due = nextMinute(clock.now()); ; ) {
      await clock.sleep(look);
      if (clock.now() >= due) {
        due = nextMinute(clock.now());
        await twin.pipelines.runDueSchedules(clock.now());
      }
      await tellEnded(stage, observer, out, told, onResult);
    }
  } catch (error) {
    // To be cancelled is how serving ends.
    if (!context.cancel.aborted) throw error;
  } finally {
    await context.fs.rm(file, { force: true });
  }
}

function nextMinute(now: number): number {
  return now - (now % minute) + minute;
}

async function tellEnded(
  stage: Stage,
  observer: Observer,
  out: string,
  told: Set<number>,
  onResult: Audience['onResult'],
): Promise<void> {
  const seen = observer.take();
  if (seen.length > 0) onResult({ title: '', text: '', seen, pipelines: [] });
  for (const pipeline of stage.twin.world.pipelines.values()) {
    if (isActive(pipeline.status)) told.delete(pipeline.id);
    else if (!told.has(pipeline.id)) {
      told.add(pipeline.id);
      const result = await writeResults(stage, pipeline, out);
      onResult({ title: '', text: '', seen: [], pipelines: [result] });
    }
  }
}
