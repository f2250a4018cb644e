// Starts programs for a test process that has grown: to start one copies the tables of the memory of whoever starts it.
import { Failure } from '../../components/kernel/failure.ts';
import { createExec } from '../../scripts/wire/exec.ts';
import type { Started, ToStart } from './starter.ts';

const running = new Map<number, AbortController>();

process.on('message', async (message: ToStart) => {
  if ('stop' in message) {
    running.get(message.stop)?.abort();
    return;
  }
  const { id, program, args, options } = message;
  const cancel = new AbortController();
  running.set(id, cancel);
  const answer: Started = await createExec(cancel.signal)(program, args, options).then(
    (result) => ({ id, result }),
    (error: unknown) => ({
      id,
      failure: { code: error instanceof Failure ? error.code : '', reason: reasonOf(error) },
    }),
  );
  running.delete(id);
  process.send?.(answer);
});

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

// Whoever asked is gone, and so are its questions.
process.on('disconnect', () => {
  for (const cancel of running.values()) cancel.abort();
});
