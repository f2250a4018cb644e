import { measureFilters } from './agents/filters.ts';
import type { Figure } from './figure.ts';

export async function bench(): Promise<readonly Figure[]> {
  return [...(await measureFilters(200))];
}
