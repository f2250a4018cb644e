import type { JsonValue } from '../kernel/canonical.ts';
import type { ModelTurn, ProviderData } from '../models/types.ts';

/** Collections inside each other, in what a model or a script says. */
const mostDepth = 32;

/**
 * A model's turn as it is kept: without secrets and half surrogate pairs. Arguments that nest too deep become null, which
 * no tool takes.
 */
export function cleanTurn(turn: ModelTurn, redact: (text: string) => string): ModelTurn {
  const clean = (text: string) => redact(text.toWellFormed());
  const { toolCalls: _, text: __, providerData, ...rest } = turn;
  const kept = providerData && cleanData(providerData, clean);
  return {
    ...rest,
    text: clean(turn.text),
    toolCalls: turn.toolCalls.map((call) => ({
      id: clean(call.id),
      name: clean(call.name),
      arguments: cleanJson(call.arguments, clean) ?? null,
    })),
    ...(kept === undefined ? {} : { providerData: kept }),
  };
}

/** Providers sign it: it is kept to the letter, or not at all where a secret is in it. */
function cleanData(data: ProviderData, clean: (text: string) => string): ProviderData | undefined {
  const parts = cleanJson([...data.parts], clean);
  return JSON.stringify(parts) === JSON.stringify(data.parts) ? data : undefined;
}

/** A value with each text in it cleaned; undefined where it nests too deep. */
export function cleanJson(value: JsonValue, clean: (text: string) => string): JsonValue | undefined {
  return isDeep(value, mostDepth) ? undefined : mapTexts(value, clean);
}

function isDeep(value: JsonValue | undefined, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((item) => isDeep(item, left - 1));
}

function mapTexts(value: JsonValue, clean: (text: string) => string): JsonValue {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, clean));
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[clean(key), mapTexts(item, clean)] as const],
  );
  return Object.fromEntries(entries);
}
