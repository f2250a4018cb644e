import type { DataPath } from '../kernel/place.ts';
import { valueAt } from '../kernel/place.ts';
import type { Data } from './types.ts';

/** A value with its place, as rules walk over documents whose structure may be wrong. */
export interface Placed<T> {
  readonly path: DataPath;
  readonly value: T;
}

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mappings in the list at a path; whatever else stands there is the structure pass's business. */
export function itemsAt(root: unknown, path: DataPath): readonly Placed<Data>[] {
  const list = valueAt(root, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((value, index) => (isData(value) ? [{ path: [...path, index], value }] : []));
}

export function textAt(root: unknown, path: DataPath): string | undefined {
  const value = valueAt(root, path);
  return typeof value === 'string' ? value : undefined;
}

/** An OSSA extension at both places it is written at: `extensions.<name>` and `spec.extensions.<name>`. */
export function extensionsNamed(root: unknown, name: string): readonly Placed<Data>[] {
  const places: DataPath[] = [
    ['extensions', name],
    ['spec', 'extensions', name],
  ];
  return places.flatMap((path) => {
    const value = valueAt(root, path);
    return isData(value) ? [{ path, value }] : [];
  });
}

/** The measures of effectiveness at both placements: primary, secondary, operational. */
export function metricsOf(root: unknown): readonly Placed<Data>[] {
  return extensionsNamed(root, 'moe').flatMap(({ path, value }) => [
    ...(isData(value.primary) ? [{ path: [...path, 'primary'], value: value.primary }] : []),
    ...itemsAt(root, [...path, 'secondary']),
    ...itemsAt(root, [...path, 'operational']),
  ]);
}
