import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
  SharedV4Warning,
} from '@ai-sdk/provider';
import type { JsonValue } from '../../kernel/canonical.ts';
import { errors } from '../errors.ts';
import type { Cut, ModelName, ModelTurn, ToolCall, Usage } from '../types.ts';
import { type KeptPart, providerDataOf } from './provider-data.ts';

/** An answer, whether it came as a whole or in pieces. */
export interface Answer {
  readonly content: readonly LanguageModelV4Content[];
  readonly usage: LanguageModelV4Usage;
  readonly finishReason: LanguageModelV4FinishReason;
  readonly warnings: readonly SharedV4Warning[];
}

type Piece = { type: 'text' | 'reasoning'; text: string; providerMetadata?: SharedV4ProviderMetadata };

/** Characters of one answer; a provider that goes on and on is cut off. */
const mostCharacters = 8 * 1024 * 1024;

/**
 * Reads a stream to its end. A stream that ends without saying so was cut off.
 * @throws MODEL_ANSWER_BROKEN, and what the stream throws
 */
export async function readStream(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  onText: (delta: string) => void,
): Promise<Answer> {
  const content: (LanguageModelV4Content | Piece)[] = [];
  const open = new Map<string, Piece>();
  let characters = 0;
  let warnings: readonly SharedV4Warning[] = [];
  let finish: Pick<Answer, 'usage' | 'finishReason'> | undefined;
  const pieceOf = (type: Piece['type'], id: string): Piece => {
    const key = `${type} ${id}`;
    const piece = open.get(key) ?? { type, text: '' };
    if (!open.has(key)) content.push(piece);
    open.set(key, piece);
    return piece;
  };
  for await (const part of stream) {
    switch (part.type) {
      case 'text-start':
      case 'text-delta':
      case 'text-end':
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end': {
        const piece = pieceOf(part.type.startsWith('text') ? 'text' : 'reasoning', part.id);
        // The last that is said of a piece counts: signatures come at its end.
        if (part.providerMetadata !== undefined) piece.providerMetadata = part.providerMetadata;
        if (!('delta' in part)) break;
        piece.text += part.delta;
        characters += part.delta.length;
        if (characters > mostCharacters) throw errors.ANSWER_BROKEN({ reason: 'it has no end' });
        if (part.type === 'text-delta') onText(part.delta);
        break;
      }
      case 'stream-start':
        warnings = part.warnings;
        break;
      case 'tool-call':
        content.push(part);
        break;
      case 'finish':
        finish = { usage: part.usage, finishReason: part.finishReason };
        break;
      case 'error':
        throw part.error;
    }
  }
  if (finish === undefined) throw errors.ANSWER_BROKEN({ reason: 'it breaks off' });
  return { content: content as LanguageModelV4Content[], warnings, ...finish };
}

/**
 * A turn of an answer; what it costs is another's to say.
 * @throws MODEL_ANSWER_BROKEN where it was broken off
 */
export function turnOf(
  of: ModelName,
  { content, usage, finishReason }: Answer,
): Omit<ModelTurn, 'costPicoUsd'> {
  const { unified } = finishReason;
  if (unified === 'interrupted') throw errors.ANSWER_BROKEN({ reason: 'it breaks off' });
  if (unified === 'error') throw errors.ANSWER_BROKEN({ reason: 'the provider ended it with an error' });
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  const kept: KeptPart[] = [];
  for (const part of content) {
    if (part.type === 'text') texts.push(part.text);
    if (part.type === 'tool-call')
      toolCalls.push({ id: part.toolCallId, name: part.toolName, arguments: parseArguments(part.input) });
    const data = 'providerMetadata' in part ? asData(part.providerMetadata) : undefined;
    if (data === undefined) continue;
    if (part.type === 'reasoning') kept.push({ kind: 'reasoning', text: part.text, data });
    if (part.type === 'tool-call') kept.push({ kind: 'call', id: part.toolCallId, data });
    if (part.type === 'text' && !kept.some(({ kind }) => kind === 'text')) kept.push({ kind: 'text', data });
  }
  const isEmpty = toolCalls.length === 0 && texts.join('') === '';
  if (isEmpty && unified === 'other' && countOf(usage.inputTokens.total) === 0)
    throw errors.ANSWER_BROKEN({ reason: 'it is empty' });
  const cut = cutOf(finishReason, isEmpty);
  const providerData = providerDataOf(of, kept);
  return {
    ...{ text: texts.join(''), toolCalls, usage: usageOf(usage) },
    ...(cut === undefined ? {} : { cut }),
    ...(providerData === undefined ? {} : { providerData }),
  };
}

function cutOf({ unified }: LanguageModelV4FinishReason, isEmpty: boolean): Cut | undefined {
  if (unified === 'length' || unified === 'content-filter') return unified;
  // Gateways have words of their own for the end of a turn; only one that says nothing is none.
  return unified === 'other' && isEmpty ? 'other' : undefined;
}

/** What is no JSON, or has a number that JSON cannot say again (1e999), stays text, which no tool takes: the model is told so. */
function parseArguments(input: string): JsonValue {
  if (input.trim() === '') return {};
  try {
    return JSON.parse(input, finite) as JsonValue;
  } catch {
    return input;
  }
}

function finite(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new SyntaxError('a number is too large');
  return value;
}

/** JSON without what is undefined in it; nothing where nothing is left. */
function asData(metadata: SharedV4ProviderMetadata | undefined): JsonValue | undefined {
  if (metadata === undefined) return undefined;
  const entries = Object.entries(
    JSON.parse(JSON.stringify(metadata)) as Record<string, Record<string, unknown>>,
  )
    .map(([api, data]) => [
      api,
      Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null)),
    ])
    .filter(([, data]) => Object.keys(data as object).length > 0);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as JsonValue);
}

function usageOf({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage {
  const cached = countOf(inputTokens.cacheRead);
  const reasoning = countOf(outputTokens.reasoning);
  return {
    inputTokens: countOf(inputTokens.total),
    outputTokens: countOf(outputTokens.total),
    ...(cached === 0 ? {} : { cachedInputTokens: cached }),
    ...(reasoning === 0 ? {} : { reasoningTokens: reasoning }),
  };
}

/** A stranger's number. */
function countOf(value: number | undefined): number {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : 0;
}
