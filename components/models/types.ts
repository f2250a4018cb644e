import type { JsonValue } from '../kernel/canonical.ts';

/** A tool as a model sees it. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: JsonValue;
  /** Whether a provider that can is to hold its arguments to the schema (strict-schema.ts). */
  readonly strict?: true;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: anything. */
  readonly arguments: JsonValue;
}

export type Message =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      readonly providerData?: ProviderData;
    }
  | { readonly role: 'tool'; readonly callId: string; readonly text: string; readonly failed: boolean };

/** What one model call is made of; equal requests have equal canonical JSON, so no time, id or path of a machine is in it. */
export interface ModelRequest {
  readonly provider: string;
  readonly model: string;
  readonly temperature?: number;
  readonly topP?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly maxOutputTokens: number;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDescription[];
}

export interface Usage {
  /** All of them, those that the provider had kept included. */
  readonly inputTokens: number;
  /** All of them, those of its reasoning included. */
  readonly outputTokens: number;
  /** Of the input: kept by the provider from an earlier call. Absent where it says nothing of it. */
  readonly cachedInputTokens?: number;
  /** Of the output: what the model thought and did not say. */
  readonly reasoningTokens?: number;
}

/**
 * What a provider must be given back with the turn it came with, such as signatures of what the model thought. Nothing here
 * reads it; to another model it is not given.
 */
export interface ProviderData {
  /** Name of the API, and of the model, that it is of. */
  readonly api: string;
  readonly model: string;
  readonly parts: readonly JsonValue[];
}

/** Why a turn is no whole one: its tokens were used up, the provider's filter stopped it, or it ended for another reason. */
export type Cut = 'length' | 'content-filter' | 'other';

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

/** A model of a provider. */
export interface ModelName {
  readonly provider: string;
  readonly model: string;
}

/** What a model answered. */
export interface ModelTurn {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly usage: Usage;
  /** Price of the call in 10⁻¹² USD, rounded up. */
  readonly costPicoUsd: bigint;
  /** Absent for a turn that is whole. */
  readonly cut?: Cut;
  /** Which model answered, where it is not the one that was asked for. */
  readonly answeredBy?: ModelName;
  /** Requests before it that may have been paid for and brought no turn. */
  readonly unanswered?: number;
  readonly providerData?: ProviderData;
}

/** How many tokens a text has, about: each model has a way of its own to cut it. */
export type CountTokens = (text: string) => number;

/** Sends a request to a provider. Whoever implements it holds the key and adds it; whoever calls it never sees one. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

/** Where a provider is reached and how it is shown a key. */
export interface ModelApi {
  /** As manifests name the provider. */
  readonly id: string;
  /** Nothing outside of its origin and path is asked. */
  readonly baseUrl: string;
  /** The header that carries the key; undefined where there is no key. */
  readonly keyHeader: { readonly name: string; readonly prefix: string } | undefined;
  /** Variables that may hold the key, the first that is set counts. */
  readonly keyVariables: readonly string[];
  /** Whether it answers without a key, too, as servers of one's own do. */
  readonly keyOptional: boolean;
}

/** A source of turns: a provider, or a cassette. */
export interface Model {
  /** Such as `cassette`; stands in records. */
  readonly id: string;
  /** Requests that one call may make and that may each be paid for, repetitions counted; one where it is not said. */
  readonly attempts?: number;
  readonly generate: (request: ModelRequest) => Promise<ModelTurn>;
}
