import type { Figure } from './figure.ts';
import { measureDoctor } from './gate/doctor.ts';
import { measureLintCi } from './gate/lint-ci.ts';
import { measureMutations } from './gate/mutations.ts';
import { measurePushes } from './gate/pushes.ts';

export async function bench(): Promise<readonly Figure[]> {
  return [
    ...(await measureMutations()),
    ...(await measurePushes()),
    ...(await measureDoctor()),
    ...(await measureLintCi()),
  ];
}
