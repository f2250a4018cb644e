import type { JsonValue } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { cutText } from '../tools/text.ts';
import type { Surroundings, Tool, ToolResult } from '../tools/types.ts';
import type { Guard } from './filters/guard.ts';

export interface Called extends ToolResult {
  /** Whether anything that its source says is in the text. */
  readonly hasRead: boolean;
  /** Whether it may have done something that nobody knows of: of tools that must not be called twice. */
  readonly isUnclear: boolean;
}

/**
 * Calls one tool, within its time and its limit. A tool that the outside fails is a failed call, which the agent and its
 * signals see; the session goes on.
 */
export async function callTool(
  context: Context,
  tool: Tool,
  input: JsonValue,
  { surroundings, guard }: { readonly surroundings: Surroundings; readonly guard: Guard },
): Promise<Called> {
  // Filtered and redacted before it is cut: half of a secret is seen by nobody's pattern.
  const wrap = (text: string, isFailed: boolean) =>
    guard.wrap({ text, failed: isFailed }, tool.source, context.redact, (known) => cutTo(tool, known));
  const fail = (text: string, isUnclear: boolean, quoted = ''): Called => ({
    text: `${cutTo(tool, context.redact(text))}${quoted === '' ? '' : `\n${wrap(quoted, true).text}`}`,
    failed: true,
    hasRead: quoted !== '',
    isUnclear: isUnclear && tool.replay === 'none',
  });
  try {
    const result = await within(context, tool, tool.run(input, surroundings));
    if (result === 'late')
      return fail(`It took longer than ${tool.timeout / 1_000} s, and is not waited for any more.`, true);
    if (result.failed) return fail(result.text, false, result.quoted);
    return { ...wrap(result.text, false), hasRead: true, isUnclear: false };
  } catch (error) {
    if (!(error instanceof Failure) || context.cancel.aborted) throw error;
    // It may quote what could not be read.
    return fail('It failed.', true, error.message);
  }
}

function cutTo({ outputLimit, readOn }: Tool, text: string): string {
  return cutText(text, outputLimit, readOn);
}

async function within<Result>(
  { clock }: Pick<Context, 'clock'>,
  { timeout }: Tool,
  running: Promise<Result>,
): Promise<Result | 'late'> {
  const over = new AbortController();
  const late = clock.sleep(timeout, over.signal).then(() => 'late' as const);
  // Whichever comes second is nobody's: neither may be thrown where no one listens.
  running.catch(() => undefined);
  late.catch(() => undefined);
  try {
    return await Promise.race([running, late]);
  } finally {
    over.abort(new Error('the call has ended'));
  }
}
