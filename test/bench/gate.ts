import type { Figure } from './figure.ts';
import { measureDoctor } from './gate/doctor.ts';

export async function bench(): Promise<readonly Figure[]> {
  return [...(await measureDoctor())];
}
