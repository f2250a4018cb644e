import type { JsonValue } from '../../kernel/canonical.ts';
import { Failure } from '../../kernel/failure.ts';
import { refused } from '../text.ts';
import type { ToolResult } from '../types.ts';
import { readCallResult } from './call-result.ts';
import type { McpClient } from './client.ts';
import { errors } from './errors.ts';
import type { Pin } from './types.ts';

/** Milliseconds of a call. */
export const callTimeout = 60_000;

export interface CallParts {
  readonly client: McpClient;
  /** The server's own name of the tool. */
  readonly name: string;
  readonly pin: Pin;
  /** Whether the server still says what was pinned; it is asked where it has said that it does not, or where it must be. */
  readonly isAsPinned: (must: boolean) => Promise<boolean>;
  /** Greets a server anew that has forgotten its session; undefined where none can. */
  readonly renew: (() => Promise<void>) | undefined;
}

/**
 * Calls a tool. What was certainly not done is an answer, since the agent may ask for it again. A server that has forgotten its
 * session is greeted anew and must still be as it was pinned; what it was asked is asked again only where that does no harm.
 */
export async function callServer(parts: CallParts, input: JsonValue): Promise<ToolResult> {
  const { client, name, pin, isAsPinned, renew } = parts;
  const ask = async () =>
    readCallResult(await client.request('tools/call', { name, arguments: input }, callTimeout));
  try {
    return (await isAsPinned(false)) ? await ask() : changed;
  } catch (error) {
    if (renew === undefined || !isOf(error, errors.GONE)) return notCalled(error, [errors.REFUSED]);
  }
  try {
    await renew();
    if (!(await isAsPinned(true))) return changed;
  } catch (error) {
    return notCalled(error, undefined);
  }
  if (pin.replay !== 'pure') return forgotten;
  try {
    return await ask();
  } catch (error) {
    return notCalled(error, [errors.REFUSED, errors.GONE]);
  }
}

const changed = refused(
  'Not called: the server describes its tools otherwise now than when they were allowed.',
);
const forgotten = refused(
  'Not called: the server had forgotten its session, which is begun anew. Call it again if that is still wanted.',
);

/** A failure of these codes, or of any, as an answer; every other leaves open what was done. @throws what is none of them */
function notCalled(error: unknown, codes: readonly { readonly code: string }[] | undefined): ToolResult {
  const isNone = codes === undefined || codes.some((code) => isOf(error, code));
  if (!(error instanceof Failure) || !isNone) throw error;
  return { ...refused('The server was not called.'), quoted: error.message };
}

function isOf(error: unknown, { code }: { readonly code: string }): boolean {
  return error instanceof Failure && error.code === code;
}
