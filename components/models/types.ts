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
  readonly generate: (request: ModelRequest) => Promise<ModelTurn>;
}
