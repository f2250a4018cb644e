import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { ModelApi, Send } from './types.ts';

/** What a language model is made of. No key is among it: `send` adds it. */
export interface ModelParts {
  readonly baseUrl: string;
  readonly model: string;
  readonly send: Send;
  /** Name of the provider in manifests. */
  readonly api: string;
  /** Of the two that OpenAI has. */
  readonly protocol: 'responses' | 'chat';
}

export interface LanguageModel {
  readonly model: LanguageModelV4;
  /** What each call is given besides. */
  readonly options: SharedV4ProviderOptions;
  /** Whether tools say that their schemas are not written for the provider's strict mode. */
  readonly strict?: false;
  /** Whether it holds arguments to the schemas of tools that want it. */
  readonly takesStrict?: true;
}

/** An API as manifests name it. */
export interface ApiFacts extends Omit<ModelApi, 'id' | 'baseUrl'> {
  /** As the provider documents it; undefined where only the operator knows it. */
  readonly baseUrl: string | undefined;
  /** The provider's page that says so. */
  readonly source: string;
}

/** A wire format, and the APIs that speak it. */
export interface Provider {
  readonly id: string;
  readonly apis: Readonly<Record<string, ApiFacts>>;
  /** Loads the package that speaks it. */
  readonly open: (parts: ModelParts) => Promise<LanguageModel>;
}

/** The key the packages want to be given; `send` takes it out again. */
export const placeholderKey = 'held-elsewhere';

export function defineProvider(provider: Provider): Provider {
  return provider;
}

/** How most providers are shown a key. */
export const bearer = { name: 'authorization', prefix: 'Bearer ' } as const;
