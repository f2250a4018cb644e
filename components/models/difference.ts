import type { JsonValue } from '../kernel/canonical.ts';
import { excerpt } from '../kernel/excerpt.ts';
import { type DataPath, renderPath } from '../kernel/place.ts';
import { shown } from '../kernel/schema-terms.ts';

interface Recorded {
  readonly line: number;
  readonly request: JsonValue;
}

interface Difference {
  readonly path: DataPath;
  readonly recorded: JsonValue | undefined;
  readonly wanted: JsonValue | undefined;
}

/**
 * Says what the nearest recorded request has that the wanted one has not: of those with as many messages the one that
 * agrees for the longest, and the first place it differs at.
 */
export function renderDifference(
  recorded: readonly Recorded[],
  wanted: JsonValue,
  redact: (text: string) => string,
): string {
  const near = nearestOf(recorded, wanted);
  if (near === undefined) return 'it holds no turn';
  const { path, ...values } = near.difference;
  const place = renderPath(path);
  const [was, is] = [values.recorded, values.wanted];
  if (typeof was === 'string' && typeof is === 'string')
    return `the nearest is line ${near.line}, and ${place} differs${inTexts(redact(was), redact(is))}`;
  const words = (value: unknown) => redact(shown(value));
  return `the nearest is line ${near.line}, and ${place} differs: recorded ${words(was)}, now ${words(is)}`;
}

function nearestOf(recorded: readonly Recorded[], wanted: JsonValue) {
  const count = messagesOf(wanted).length;
  let best: { line: number; difference: Difference; score: readonly number[] } | undefined;
  for (const { line, request } of recorded) {
    const difference = firstDifference(request, wanted, []);
    if (difference === undefined) continue;
    const messages = messagesOf(request);
    const agree = messages.findIndex(
      (message, index) => firstDifference(message, messagesOf(wanted)[index], []) !== undefined,
    );
    const score = [-Math.abs(messages.length - count), agree < 0 ? messages.length : agree];
    if (best === undefined || isHigher(score, best.score)) best = { line, difference, score };
  }
  return best;
}

function isHigher(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && Number(a[at]) > Number(b[at]);
}

function messagesOf(request: JsonValue | undefined): readonly JsonValue[] {
  const { messages } = request as { messages?: readonly JsonValue[] };
  return messages ?? [];
}

function firstDifference(
  recorded: JsonValue | undefined,
  wanted: JsonValue | undefined,
  path: DataPath,
): Difference | undefined {
  if (recorded === wanted) return undefined;
  if (!isCollection(recorded) || !isCollection(wanted) || Array.isArray(recorded) !== Array.isArray(wanted))
    return { path, recorded, wanted };
  for (const key of keysOf(recorded, wanted)) {
    const step = Array.isArray(wanted) ? Number(key) : key;
    const found = firstDifference(ownOf(recorded, key), ownOf(wanted, key), [...path, step]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The messages last: that the model is another one says more than all that follows from it. */
function keysOf(a: object, b: object): readonly string[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Array.isArray(a) ? keys : keys.sort((x, y) => rank(x) - rank(y) || (x < y ? -1 : 1));
}

function rank(key: string): number {
  return key === 'messages' ? 1 : 0;
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function ownOf(value: object, key: string): JsonValue | undefined {
  return Object.hasOwn(value, key) ? (value as Record<string, JsonValue>)[key] : undefined;
}

function inTexts(recorded: string, wanted: string): string {
  const [was, is] = [recorded.split('\n'), wanted.split('\n')];
  const at = was.findIndex((line, index) => line !== is[index]);
  const line = at < 0 ? was.length : at;
  const place = was.length === 1 && is.length === 1 ? '' : ` in its line ${line + 1}`;
  const [before, after] = [was[line], is[line]];
  return `${place}: recorded ${excerpt(before, after)}, now ${excerpt(after, before)}`;
}
