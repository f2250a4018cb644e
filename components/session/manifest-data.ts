import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
import { kindInWords, shown } from '../kernel/schema-terms.ts';
import { sessionFindings as codes } from './findings.ts';
import type { ManifestIssue } from './issue.ts';

/** Reads the fields of one manifest, and remembers what is wrong with them. */
export interface FieldReader {
  readonly issues: ManifestIssue[];
  readonly text: (path: DataPath) => string | undefined;
  readonly requiredText: (path: DataPath) => string;
  /** A whole number from `least` on, or the default where there is none. */
  readonly count: (path: DataPath, fallback: number, least?: number) => number;
  readonly optionalCount: (path: DataPath, least?: number) => number | undefined;
  readonly number: (path: DataPath) => number | undefined;
  readonly list: (path: DataPath) => readonly unknown[];
}

/**
 * The structure pass has held the manifest against OSSA; here only what a run uses is looked at, and what OSSA leaves
 * open (a negative number of iterations) is found.
 */
export function createFieldReader(data: unknown): FieldReader {
  const issues: ManifestIssue[] = [];
  const wrong = (path: DataPath, expected: string): undefined => {
    const value = valueAt(data, path);
    issues.push({
      code: codes.FIELD,
      path: value === undefined ? path.slice(0, -1) : path,
      message: `${renderPath(path)} is ${value === undefined ? 'missing' : shown(value)}`,
      expected,
      ...(value === undefined ? {} : { got: kindInWords(value) }),
    });
    return undefined;
  };
  const text = (path: DataPath): string | undefined => {
    const value = valueAt(data, path);
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    return wrong(path, 'text');
  };
  const optionalCount = (path: DataPath, least = 1): number | undefined => {
    const value = valueAt(data, path);
    if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= least))
      return value as number | undefined;
    return wrong(path, `a whole number from ${least} on`);
  };
  return {
    issues,
    text,
    requiredText: (path) => {
      if (valueAt(data, path) === undefined) wrong(path, 'text');
      return text(path) ?? '';
    },
    count: (path, fallback, least) => optionalCount(path, least) ?? fallback,
    optionalCount,
    number: (path) => {
      const value = valueAt(data, path);
      if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
      return wrong(path, 'a number');
    },
    list: (path) => {
      const value = valueAt(data, path);
      if (value === undefined) return [];
      if (Array.isArray(value)) return value;
      return wrong(path, 'a list') ?? [];
    },
  };
}

/** An OSSA extension at both places it is written at; the first that is there. */
export function extensionPath(data: unknown, name: string): DataPath | undefined {
  const places: DataPath[] = [
    ['extensions', name],
    ['spec', 'extensions', name],
  ];
  return places.find((place) => valueAt(data, place) !== undefined);
}
