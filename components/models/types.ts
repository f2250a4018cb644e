import type { JsonValue } from '../kernel/canonical.ts';

/** A tool as a model sees it. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: JsonValue;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: anything. */
  readonly arguments: JsonValue;
}

export type Message =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly callId: string; readonly text: string; readonly failed: boolean };

/** What one model call is made of; equal requests have equal canonical JSON, so no time, id or path of a machine is in it. */
export interface ModelRequest {
  readonly provider: string;
  readonly model: string;
  readonly temperature?: number;
  readonly maxOutputTokens: number;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDescription[];
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a model's tokens cost, each a whole number of 10⁻¹² USD. */
export interface Price {
  readonly inputPerToken: bigint;
  readonly outputPerToken: bigint;
  /** Of input the provider has kept from an earlier call. */
  readonly cachedInputPerToken: bigint | undefined;
  /** The provider's page, and until when it is known to have been so. */
  readonly source: string;
  readonly date: string;
}

/** What a model answered. */
export interface ModelTurn {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly usage: Usage;
  /** Price of the call in 10⁻¹² USD, rounded up. */
  readonly costPicoUsd: bigint;
}

/** How many tokens a text has, about: each model has a way of its own to cut it. */
export type CountTokens = (text: string) => number;

/** A source of turns: a provider, or a cassette. */
export interface Model {
  /** Such as `cassette`; stands in records. */
  readonly id: string;
  /** Requests that one call may make and that may each be paid for, repetitions counted; one where it is not said. */
  readonly attempts?: number;
  readonly generate: (request: ModelRequest) => Promise<ModelTurn>;
}
