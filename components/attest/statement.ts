import type { Digest, JsonValue } from '../kernel/canonical.ts';
import type { Statement } from './types.ts';

export interface StatementParts {
  readonly subjects: readonly { readonly name: string; readonly digest: Digest | string }[];
  readonly predicateType: string;
  readonly predicate: JsonValue;
}

const type = 'https://in-toto.io/Statement/v1';

/** Makes a statement about bytes, known by `sha256:` digests. */
export function makeStatement({ subjects, predicateType, predicate }: StatementParts): Statement {
  const subject = subjects.map(({ name, digest }) => ({ name, digest: { sha256: hexOf(digest) } }));
  return { _type: type, subject, predicateType, predicate };
}

function hexOf(digest: string): string {
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
  if (hex === undefined) throw new TypeError(`"${digest}" is no digest of a subject`);
  return hex;
}

/** A value that has the form of a statement; undefined where it has not. */
export function asStatement(value: unknown): Statement | undefined {
  if (!isRecord(value) || value._type !== type || typeof value.predicateType !== 'string') return undefined;
  if (!Array.isArray(value.subject) || value.predicate === undefined) return undefined;
  const isSubject = (one: unknown) =>
    isRecord(one) &&
    typeof one.name === 'string' &&
    isRecord(one.digest) &&
    typeof one.digest.sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(one.digest.sha256);
  return value.subject.every(isSubject) ? (value as unknown as Statement) : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
