import { join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { writeFileAtomic } from '../../kernel/files.ts';
import type { SetUp } from '../setup/apply-twin-file.ts';
import type { RunningTwin } from '../twin.ts';

/** GitLab's own worker looks for due schedules in this rhythm, too. */
const minute = 60_000;

/**
 * Keeps a twin up until the command is cancelled, starting schedules when they are due. Who may do what on it is
 * written to a file for its owner alone: tokens are never printed.
 */
export async function serveTwin(
  context: Context,
  twin: RunningTwin,
  { tokens }: SetUp,
  out: string,
  announce: (file: string) => void,
): Promise<void> {
  const file = join(out, 'twin.json');
  const users = Object.fromEntries([...tokens].map(([user, token]) => [user, { token }]));
  await context.fs.mkdir(out, { recursive: true });
  await writeFileAtomic(context, join(out, '.gitignore'), '*\n');
  await writeFileAtomic(context, file, `${JSON.stringify({ url: twin.url, users }, null, 2)}\n`, {
    mode: 0o600,
  });
  announce(file);
  try {
    for (;;) {
      await context.clock.sleep(minute - (context.clock.now() % minute));
      await twin.pipelines.runDueSchedules(context.clock.now());
    }
  } catch (error) {
    // To be cancelled is how serving ends.
    if (!context.cancel.aborted) throw error;
  } finally {
    await context.fs.rm(file, { force: true });
  }
}
