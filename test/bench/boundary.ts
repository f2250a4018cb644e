import { measureApplyFaults } from './boundary/faults.ts';
import { measureHostileAuthor } from './boundary/hostile-author.ts';
import { measurePolicies } from './boundary/policies.ts';
import { measureSteps } from './boundary/steps.ts';
import { measureWallTime } from './boundary/wall-time.ts';
import type { Figure } from './figure.ts';

export async function bench(): Promise<readonly Figure[]> {
  return [
    ...(await measureHostileAuthor()),
    ...(await measureApplyFaults()),
    ...(await measureWallTime()),
    ...(await measurePolicies()),
    ...(await measureSteps()),
  ];
}
