import type { Context } from '../kernel/context.ts';

/** Lines of a program's standard error that are shown. */
const mostLines = 500;

/** Redacted as a whole: a secret that is broken over lines is seen in the whole only. The log writes no control characters. */
export async function showErrors(
  context: Pick<Context, 'log' | 'redact'>,
  stderr: string,
  { of, prefix }: { readonly of: 'script' | 'loop'; readonly prefix: string },
): Promise<void> {
  if (stderr.trim() === '') return;
  const lines = context.redact(stderr).trimEnd().split('\n');
  const left = lines.length - mostLines;
  const id = of === 'script' ? 'task_stderr' : 'loop_stderr';
  await context.log.section(id, `standard error of the ${of}`, async () => {
    for (const line of lines.slice(0, mostLines)) context.log.info(`${prefix}${line}`);
    if (left > 0) context.log.info(`${prefix}(and ${left} more lines)`);
  });
}
