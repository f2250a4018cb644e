import type { Figure } from './figure.ts';
import { measureAgainstLangGraph } from './sessions/against-langgraph.ts';
import { killAtEveryCall, killAtEveryObject, killAtEveryRequest } from './sessions/at-every-call.ts';
import { measureBudgets } from './sessions/budgets.ts';
import { measureGrowth } from './sessions/growth.ts';
import { killProcesses, killProcessesOfBucket, killProcessesOfDatabase } from './sessions/killed.ts';
import { measureMutations } from './sessions/mutations.ts';
import { measureRunnerLost } from './sessions/runner-lost.ts';
import {
  measureTwoWriters,
  measureTwoWritersOfBucket,
  measureTwoWritersOfDatabase,
} from './sessions/two-writers.ts';

export async function bench(): Promise<readonly Figure[]> {
  return [
    ...(await measureGrowth()),
    ...(await measureAgainstLangGraph()),
    ...(await measureMutations(1_000)),
    ...(await measureTwoWriters(1_000)),
    ...(await measureTwoWritersOfBucket(1_000)),
    ...(await measureTwoWritersOfDatabase(1_000)),
    ...(await measureRunnerLost(5)),
    ...(await measureBudgets(100_000)),
    ...(await killAtEveryCall(50)),
    ...(await killAtEveryRequest(12)),
    ...(await killAtEveryObject(12)),
    ...(await killProcesses(50, 200)),
    ...(await killProcessesOfDatabase(50, 100)),
    ...(await killProcessesOfBucket(50, 100)),
  ];
}
