import { processErrors } from '../../../components/kernel/errors.ts';
import { Failure, Failures } from '../../../components/kernel/failure.ts';
import type { InputDeclarations, InputValues } from '../../../components/kernel/input-types.ts';
import { readInputs } from '../../../components/kernel/inputs.ts';

/** Reads the flags of a maintainers' tool, runs it, and reports every failure with its fix and exit code. */
export async function runTool<const Ds extends InputDeclarations>(
  command: string,
  inputs: Ds,
  work: (values: InputValues<Ds>, cancel: AbortSignal) => Promise<void>,
): Promise<void> {
  const cancel = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => cancel.abort(signal));
  try {
    const read = readInputs(inputs, { args: process.argv.slice(2), env: {}, command });
    if (!read.ok) throw new Failures(read.failures);
    await work(read.values, cancel.signal);
  } catch (error) {
    const failures = failuresOf(error, cancel.signal);
    for (const failure of failures) {
      console.error(`error: ${failure.message}\n  fix: ${failure.fix}\n  code: ${failure.code}`);
    }
    process.exitCode = failures[0].exitCode;
  }
}

function failuresOf(error: unknown, cancel: AbortSignal): readonly [Failure, ...Failure[]] {
  if (error instanceof Failures) return error.failures;
  if (error instanceof Failure) return [error];
  if (cancel.aborted) return [processErrors.CANCELLED({ signal: String(cancel.reason) }, error)];
  return [
    processErrors.BUG(
      { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      error,
    ),
  ];
}
