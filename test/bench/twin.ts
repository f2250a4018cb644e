import type { Figure } from './figure.ts';
import { measureFaults } from './twin/faults.ts';
import { measureFeatures } from './twin/features.ts';
import { measureJob } from './twin/job.ts';
import { measureScenario } from './twin/scenario.ts';
import { measureStart } from './twin/start.ts';

export async function bench(): Promise<readonly Figure[]> {
  return [
    ...(await measureFeatures()),
    ...(await measureFaults()),
    ...(await measureScenario()),
    ...(await measureJob()),
    ...(await measureStart()),
  ];
}
