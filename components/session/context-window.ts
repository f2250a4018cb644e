import type { CountTokens, Message, ToolDescription } from '../models/types.ts';
import type { RequestSize, Sent } from './records.ts';
import type { StateRules } from './types.ts';
import { counted } from './words.ts';

/** What a request and its answer have shown of how a provider counts. */
export interface Measured {
  /** Our count of a request. */
  readonly estimate: number;
  /** The provider's count of the same. */
  readonly inputTokens: number;
}

/** What the answer to a request shows, where our own count of that is known. */
export function measuredBy(sent: Sent | undefined, inputTokens: number): Measured | undefined {
  return sent?.size === undefined ? undefined : { estimate: sent.size.estimate, inputTokens };
}

export interface Conversation {
  /** Which every request begins with. */
  readonly first: readonly Message[];
  /** What was said since. */
  readonly rest: readonly Message[];
  readonly tools: readonly ToolDescription[];
}

export type Windowed =
  | { readonly ok: true; readonly messages: readonly Message[]; readonly sent: Sent | undefined }
  | { readonly ok: false; readonly reason: string };

/** Counts messages and tools; what was counted is remembered. */
export interface Gauge {
  readonly messages: (messages: readonly Message[]) => number;
  readonly tools: (tools: readonly ToolDescription[]) => number;
}

/** Around the text of a message: its role, where it begins and ends. */
const tokensAround = 4;

export function createGauge(count: CountTokens): Gauge {
  const known = new WeakMap<object, number>();
  const remember = (key: object, parts: () => readonly string[]): number => {
    const tokens =
      known.get(key) ?? parts().reduce((sum, text) => sum + (text === '' ? 0 : count(text)), tokensAround);
    known.set(key, tokens);
    return tokens;
  };
  return {
    messages: (messages) => messages.reduce((sum, each) => sum + remember(each, () => textsOf(each)), 0),
    tools: (tools) => tools.reduce((sum, each) => sum + remember(each, () => [JSON.stringify(each)]), 0),
  };
}

function textsOf(message: Message): readonly string[] {
  if (message.role === 'tool') return [message.text, message.callId];
  if (message.role !== 'assistant') return [message.text];
  const calls = message.toolCalls.map(({ id, name, arguments: input }) => JSON.stringify([id, name, input]));
  const kept = message.providerData === undefined ? [] : [JSON.stringify(message.providerData.parts)];
  return [message.text, ...calls, ...kept];
}

/**
 * What the next request holds of a conversation: its first messages and as many of the newest turns as fit, none of them in
 * part, so that no call is parted from its results. Where something is left out a note says how much.
 * It follows from its arguments alone: a session that is gone on with asks the same.
 *
 * @param gauge - needed where tokens are limited
 */
export function planWindow(
  rules: StateRules,
  conversation: Conversation,
  gauge: Gauge | undefined,
  measured: Measured | undefined,
): Windowed {
  const { first, rest } = conversation;
  const { mode, maxMessages = Infinity, maxTokens = Infinity } = rules;
  const isBounded = mode === 'stateless' || maxMessages !== Infinity || maxTokens !== Infinity;
  if (!isBounded) return { ok: true, messages: [...first, ...rest], sent: undefined };
  const weigh = scales(conversation, maxTokens === Infinity ? undefined : gauge, measured);
  const fits = ({ messages, size }: Weight) =>
    messages <= maxMessages && (size === undefined || size.tokens <= maxTokens);
  const starts = turnStarts(rest);
  let fitting: Sent | undefined;
  // From the newest on: what is far beyond the limits is never counted.
  for (const start of mode === 'stateless' ? starts.slice(-1) : starts.toReversed()) {
    const { whole, bare } = weigh(start);
    if (fits(whole)) fitting = { leftOut: start, ...(whole.size === undefined ? {} : { size: whole.size }) };
    else if (fitting === undefined) return { ok: false, reason: whyNot(rules, whole) };
    if (!fits(bare)) break;
  }
  const leftOut = fitting?.leftOut ?? 0;
  return { ok: true, messages: [...first, ...noteOf(leftOut), ...rest.slice(leftOut)], sent: fitting };
}

/** Where turns begin: an answer of the model, its results, and what was said to it then. */
function turnStarts(messages: readonly Message[]): readonly number[] {
  const starts = messages.flatMap(({ role }, index) => (role === 'assistant' ? [index] : []));
  return starts[0] === 0 ? starts : [0, ...starts];
}

function noteOf(leftOut: number): readonly Message[] {
  if (leftOut === 0) return [];
  const what = counted(leftOut, 'message');
  return [
    {
      role: 'user',
      text: `${what} of this conversation, the oldest, ${leftOut === 1 ? 'is' : 'are'} left out here.`,
    },
  ];
}

/** What a request comes to. */
interface Weight {
  readonly messages: number;
  readonly size: RequestSize | undefined;
}

/**
 * Weighs requests that leave out all before a message; each is asked for with more of the conversation than the one before.
 * `bare` is without the note.
 */
function scales(
  { first, rest, tools }: Conversation,
  gauge: Gauge | undefined,
  measured: Measured | undefined,
): (start: number) => { readonly whole: Weight; readonly bare: Weight } {
  let from = rest.length;
  let estimate = gauge === undefined ? 0 : gauge.tools(tools) + gauge.messages(first);
  return (start) => {
    estimate += gauge?.messages(rest.slice(start, from)) ?? 0;
    from = start;
    const note = noteOf(start);
    const messages = first.length + rest.length - start;
    const size = (tokens: number) => (gauge === undefined ? undefined : correct(tokens, measured));
    return {
      whole: { messages: messages + note.length, size: size(estimate + (gauge?.messages(note) ?? 0)) },
      bare: { messages, size: size(estimate) },
    };
  };
}

/** Beyond this a provider counts something else than we do, such as a request without what it had cached. */
const mostOff = 4;

/**
 * Our count, corrected by how far off it was at the last request that the provider has counted: what that one held
 * counts as the provider counted it.
 */
function correct(estimate: number, measured: Measured | undefined): RequestSize {
  const ratio = measured === undefined ? 0 : measured.inputTokens / measured.estimate;
  if (measured === undefined || ratio < 1 / mostOff || ratio > mostOff)
    return { tokens: estimate, counted: 'estimate', estimate };
  const tokens = Math.ceil((estimate * measured.inputTokens) / measured.estimate);
  return { tokens, counted: 'provider', estimate };
}

function whyNot({ maxMessages = Infinity, maxTokens }: StateRules, { messages, size }: Weight): string {
  const what = 'what it began with and its last turn come to';
  return messages > maxMessages
    ? `${what} ${messages} messages, and spec.state.context_window.max_messages is ${maxMessages}`
    : `${what} ${size?.tokens} tokens, and spec.state.context_window.max_tokens is ${maxTokens}`;
}
