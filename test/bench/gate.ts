import type { Figure } from './figure.ts';
import { measureMutations } from './gate/mutations.ts';

export async function bench(): Promise<readonly Figure[]> {
  return measureMutations();
}
