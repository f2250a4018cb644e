import { canonicalJson, type JsonValue } from '../../kernel/canonical.ts';
import { costOf } from '../../models/prices.ts';
import type { ModelRequest, Price } from '../../models/types.ts';
import type { Amount, Reserved } from './types.ts';

export const nothing: Amount = { inputTokens: 0, outputTokens: 0, costPicoUsd: 0n };

/**
 * Tokens that providers add to a request: what they say to a model about tools. Anthropic's page on tool use lists up to 530,
 * others say nothing of it.
 */
export const addedTokens = 1_024;

/**
 * What a request may take at most. A token is at least one byte of what is sent: tokenisers work on bytes, or fall back to
 * them, and the canonical JSON has more bytes of its own around each message than there are tokens between messages.
 */
export function worstCase(request: ModelRequest, price: Price | undefined): Amount {
  const bytes = Buffer.byteLength(canonicalJson(request as unknown as JsonValue));
  const usage = { inputTokens: bytes + addedTokens, outputTokens: request.maxOutputTokens };
  return { ...usage, costPicoUsd: price === undefined ? 0n : costOf(price, usage) };
}

export function sum(a: Amount, b: Amount): Amount {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costPicoUsd: a.costPicoUsd + b.costPicoUsd,
  };
}

/** The same so many times: each repetition of a request may be paid for. */
export function times({ inputTokens, outputTokens, costPicoUsd }: Amount, count: number): Amount {
  return {
    inputTokens: inputTokens * count,
    outputTokens: outputTokens * count,
    costPicoUsd: costPicoUsd * BigInt(count),
  };
}

/** Of what was reserved for so many requests, the part of one. */
export function share({ inputTokens, outputTokens, costPicoUsd }: Reserved, count: number): Reserved {
  const part = (tokens: number) => Math.ceil(tokens / count);
  return {
    ...{ inputTokens: part(inputTokens), outputTokens: part(outputTokens) },
    ...(costPicoUsd === undefined ? {} : { costPicoUsd: String(BigInt(costPicoUsd) / BigInt(count)) }),
  };
}

export function tokensOf({ inputTokens, outputTokens }: Omit<Amount, 'costPicoUsd'>): number {
  return inputTokens + outputTokens;
}

/** What a record has reserved; one of an older version has nothing. */
export function amountOf(reserved: Reserved | undefined): Amount {
  if (reserved === undefined) return nothing;
  const { inputTokens, outputTokens, costPicoUsd = '0' } = reserved;
  return { inputTokens, outputTokens, costPicoUsd: BigInt(costPicoUsd) };
}
