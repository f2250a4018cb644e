import { canonicalJson, type JsonValue } from '../kernel/canonical.ts';
import { excerpt } from '../kernel/excerpt.ts';
import { type DataPath, renderPath } from '../kernel/place.ts';
import { cut, shown } from '../kernel/schema-terms.ts';
import { cleanJson } from './clean-turn.ts';
import { withoutInvisible } from './hidden/invisible.ts';

/** Bytes of a manifest's canonical JSON that a log holds; what a larger one said is not known later. */
const mostContent = 256 * 1024;
const mostChanges = 20;

/** A field that two manifests have otherwise, in words that may be printed. */
export interface ManifestChange {
  readonly path: string;
  /** Undefined where there was none. */
  readonly was?: string;
  /** Undefined where there is none any more. */
  readonly is?: string;
}

/** What two manifests have otherwise. */
export interface ManifestChanges {
  readonly changes: readonly ManifestChange[];
  /** More of them than are listed. */
  readonly more: number;
}

/** What a manifest says, without secrets, as a log keeps it; undefined where it is too large, too deep or no JSON. */
export function contentOf(data: unknown, redact: (text: string) => string): JsonValue | undefined {
  try {
    const content = cleanJson(data as JsonValue, (text) => redact(text.toWellFormed()));
    if (content === undefined) return undefined;
    return Buffer.byteLength(canonicalJson(content)) > mostContent ? undefined : content;
  } catch (error) {
    // YAML has numbers that JSON cannot say.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Compares what two manifests say, field by field; undefined where it is not known what one of them said. */
export function changesBetween(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): ManifestChanges | undefined {
  if (before === undefined || after === undefined) return undefined;
  const changes: ManifestChange[] = [];
  let more = 0;
  const walk = (was: JsonValue | undefined, is: JsonValue | undefined, path: DataPath): void => {
    if (was === is) return;
    if (isCollection(was) && isCollection(is) && Array.isArray(was) === Array.isArray(is)) {
      for (const key of new Set([...Object.keys(was), ...Object.keys(is)]))
        walk(ownOf(was, key), ownOf(is, key), [...path, Array.isArray(was) ? Number(key) : key]);
      return;
    }
    if (changes.length < mostChanges) changes.push(changeAt(path, was, is));
    else more += 1;
  };
  walk(before, after, []);
  return { changes, more };
}

function changeAt(path: DataPath, was: JsonValue | undefined, is: JsonValue | undefined): ManifestChange {
  return {
    path: cut(withoutInvisible(renderPath(path)).text.replace(/[\n\t]/g, ' '), 200),
    ...(was === undefined ? {} : { was: valueInWords(was, is) }),
    ...(is === undefined ? {} : { is: valueInWords(is, was) }),
  };
}

/** Of long texts the part that differs. */
function valueInWords(value: JsonValue, other: JsonValue | undefined): string {
  const textOf = (one: JsonValue | undefined) =>
    typeof one === 'string' ? withoutInvisible(one).text : undefined;
  return typeof value === 'string' ? excerpt(textOf(value), textOf(other)) : shown(value);
}

/** What was changed, in one line. */
export function changesInWords(known: ManifestChanges | undefined): string {
  if (known === undefined) return 'its log does not hold what the manifest said then';
  const { changes, more } = known;
  if (changes.length === 0) return 'nothing of what it says, only how it is written';
  const words = changes.map(({ path, was, is }) => {
    if (was === undefined) return `${path} is new: ${is}`;
    return is === undefined ? `${path} is gone: ${was}` : `${path} was ${was}, and is ${is}`;
  });
  return `${words.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function isCollection(value: JsonValue | undefined): value is object & JsonValue {
  return typeof value === 'object' && value !== null;
}

function ownOf(value: object, key: string): JsonValue | undefined {
  return Object.hasOwn(value, key) ? (value as Record<string, JsonValue>)[key] : undefined;
}
