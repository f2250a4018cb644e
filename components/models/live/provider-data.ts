import type { JsonValue } from '../../kernel/canonical.ts';
import type { ModelName, ProviderData } from '../types.ts';

/** What a provider gave with a part of a turn. */
export interface KeptPart {
  readonly kind: 'reasoning' | 'text' | 'call';
  /** Of a call. */
  readonly id?: string;
  /** Of what the model thought: providers that sign it want it back to the letter. */
  readonly text?: string;
  readonly data: JsonValue;
}

/** Bytes of a turn's; a turn with more goes without, which providers answer with a model that has forgotten what it thought. */
const mostBytes = 256 * 1024;

/** Undefined where the provider gave nothing, or too much. */
export function providerDataOf(
  { provider, model }: ModelName,
  parts: readonly KeptPart[],
): ProviderData | undefined {
  if (parts.length === 0) return undefined;
  const data = { api: provider, model, parts: parts as unknown as readonly JsonValue[] };
  return Buffer.byteLength(JSON.stringify(data)) > mostBytes ? undefined : data;
}

/** What is to go back to a model: only to the one it is of. It may come from a cassette, so nothing of its form is taken for granted. */
export function partsFor(
  data: ProviderData | undefined,
  { provider, model }: ModelName,
): readonly KeptPart[] {
  if (data === undefined || data.api !== provider || data.model !== model) return [];
  const parts: readonly unknown[] = data.parts;
  return parts.filter(isKept);
}

function isKept(part: unknown): part is KeptPart {
  const { kind, id, text, data } = (part ?? {}) as Partial<Record<keyof KeptPart, unknown>>;
  return (
    (kind === 'reasoning' || kind === 'text' || kind === 'call') &&
    (id === undefined || typeof id === 'string') &&
    (text === undefined || typeof text === 'string') &&
    typeof data === 'object' &&
    data !== null
  );
}
