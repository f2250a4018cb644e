import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import { readTextFile } from '../../components/kernel/files.ts';
import { errors } from '../../components/session/errors.ts';
import { endOfTask } from '../../components/session/result.ts';
import { runTask } from '../../components/session/run-task.ts';
import type { TaskManifest } from '../../components/session/types.ts';
import type { SessionLog } from '../../components/stores/types.ts';
import { printAttempt } from './run-print.ts';
import type { Prepared, Start } from './session-start.ts';

/** Bytes of a task's input. */
const mostInput = 1024 * 1024;

/** A task needs its input and a checkout. @throws SESSION_INPUT_INVALID */
export async function prepareTask(
  { context, place, inputs, shared, sandbox }: Start,
  manifest: TaskManifest,
): Promise<Prepared> {
  const file = inputs.input === '' ? undefined : inputs.input;
  const input = { file, value: file === undefined ? {} : await readInput(context, file) };
  const root = await place.checkout();
  const run = async (log: SessionLog) =>
    endOfTask(
      await runTask(context, {
        ...{ ...shared, manifest, input, sandbox, root, log },
        onFailed: (attempt, reason) => printAttempt(context, attempt, reason),
      }),
    );
  return { told: [], run, close: async () => undefined };
}

async function readInput(context: Context, file: string): Promise<JsonValue> {
  const refuse = (error: unknown) => errors.INPUT_INVALID({ file, reason: (error as Error).message }, error);
  const text = await readTextFile(context, file, { maxBytes: mostInput }).catch((error: unknown) => {
    throw error instanceof Failure ? refuse(error) : error;
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(error);
  }
}
