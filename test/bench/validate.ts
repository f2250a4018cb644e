import type { Figure } from './figure.ts';
import { measureAgreement } from './validate/agreement.ts';
import { measureCorruptions } from './validate/corruptions.ts';
import { measureFixes } from './validate/fixes.ts';
import { measureSpeed } from './validate/speed.ts';

/** Needs the reference data beside the repository; without it there is nothing to measure against, and no figure. */
export async function bench(): Promise<readonly Figure[]> {
  return [
    ...(await measureAgreement()),
    ...(await measureFixes()),
    ...(await measureCorruptions()),
    ...(await measureSpeed()),
  ];
}
