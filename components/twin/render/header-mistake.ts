import type { DataPath } from '../../kernel/place.ts';
import { nearest } from '../../kernel/suggest.ts';
import { renderFindings } from './findings.ts';
import type { Mapping } from './merge.ts';
import type { Mistake } from './report.ts';

/** A mistake in a header document, and its place there. */
export interface HeaderMistake extends Mistake {
  readonly path: DataPath;
}

export function headerMistake(message: string, path: DataPath): HeaderMistake {
  return { code: renderFindings.HEADER, message, path };
}

/** One mistake for each key that a mapping of the header may not have. */
export function unknownKeys(
  where: string,
  mapping: Mapping,
  allowed: readonly string[],
  path: DataPath,
): readonly HeaderMistake[] {
  const unknown = Object.keys(mapping).filter((key) => !allowed.includes(key));
  return unknown.map((key) => ({
    ...headerMistake(`${where} config contains unknown keys: ${key}`, [...path, key]),
    suggestion: nearest(key, allowed),
  }));
}
