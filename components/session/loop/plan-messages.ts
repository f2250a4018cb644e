import type { JsonValue } from '../../kernel/canonical.ts';
import { digest } from '../../kernel/canonical.ts';
import type { Message } from '../../models/types.ts';
import { cleanJson } from '../clean-turn.ts';
import { wrapUntrusted } from '../untrusted.ts';
import type { LoopState } from './loop-state.ts';
import type { SaidCall, SaidMessage, SaidTurn } from './message.gen.ts';

/** Why a program's messages are no conversation that a model can be sent; undefined where they are. */
export function whyNoConversation(said: readonly SaidMessage[]): string | undefined {
  const messages = said.filter(({ role }) => role !== 'system');
  if (messages[0]?.role !== 'user')
    return 'the first message after those of role system must be of role user';
  let open: readonly string[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.includes(message.callId)) return `message ${index} answers no call of the turn before it`;
      open = open.filter((id) => id !== message.callId);
      continue;
    }
    if (open.length > 0) return `message ${index} comes before all calls of the turn before it are answered`;
    if (message.role !== 'assistant') continue;
    open = message.toolCalls.map(({ id }) => id);
    if (new Set(open).size < open.length) return `two calls of message ${index} have one id`;
  }
  if (open.length > 0) return 'not all calls of the last turn are answered';
  return messages.at(-1)?.role === 'assistant' ? 'the last message is of role assistant' : undefined;
}

interface Around {
  /** Filters and redacts. */
  readonly clean: (text: string) => string;
  readonly redact: (text: string) => string;
  readonly loop: LoopState;
}

/**
 * A program's messages as a model gets them: its own words are the manifest's, a result that we did not give is a stranger's
 * text, and a turn of the model is sent back with what its provider wants of it.
 */
export function planMessages(
  said: readonly SaidMessage[],
  first: readonly Message[],
  { clean, redact, loop }: Around,
): { readonly first: readonly Message[]; readonly rest: readonly Message[] } {
  const calls = loop.steps.filter(({ asked }) => asked !== 'model' && asked !== 'ask');
  const given = new Set(calls.map(({ answer }) => textIn(answer)));
  const turns = new Map(loop.steps.flatMap(({ turn }) => (turn === undefined ? [] : [[keyOf(turn), turn]])));
  const own = said.flatMap((message) => (message.role === 'system' ? [clean(message.text)] : []));
  const ours = first.flatMap((message) => (message.role === 'system' ? [message.text] : []));
  const rest = said.flatMap((message): Message[] => {
    switch (message.role) {
      case 'system':
        return [];
      case 'user':
        return [{ role: 'user', text: clean(message.text) }];
      case 'tool': {
        const { callId, text, failed } = message;
        const shown = given.has(text) ? clean(text) : wrapUntrusted(text, 'function', clean);
        return [{ role: 'tool', callId: redact(callId), text: shown, failed }];
      }
      default: {
        const providerData = turns.get(keyOf(message))?.providerData;
        const toolCalls = message.toolCalls.map((call) => ({
          id: redact(call.id),
          name: redact(call.name),
          arguments: cleanJson(call.arguments as JsonValue, clean) ?? null,
        }));
        const turn = { role: 'assistant' as const, text: clean(message.text), toolCalls };
        return [{ ...turn, ...(providerData === undefined ? {} : { providerData }) }];
      }
    }
  });
  return { first: [{ role: 'system', text: [...ours, ...own].join('\n\n') }], rest };
}

function textIn(answer: JsonValue): string | undefined {
  const { result } = answer as { readonly result?: { readonly text?: string } };
  return result?.text;
}

function keyOf({
  text,
  toolCalls,
}: Pick<SaidTurn, 'text'> & {
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: unknown }[];
}): string {
  const calls = toolCalls.map(
    ({ id, name, arguments: input }: Pick<SaidCall, 'id' | 'name'> & { readonly arguments: unknown }) => ({
      ...{ id, name },
      arguments: input as JsonValue,
    }),
  );
  return digest({ text, toolCalls: calls });
}
