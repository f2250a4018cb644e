import { environment as alert } from './environments/alert.ts';
import { environment as condition } from './environments/condition.ts';
import { environment as policy } from './environments/policy.ts';
import { environment as signal } from './environments/signal.ts';
import type { ExpressionEnvironment } from './types.ts';

/** The environments by id: one per use, with the table of its facts. */
export const environments: Readonly<Record<ExpressionEnvironment['id'], ExpressionEnvironment>> = {
  signal,
  alert,
  condition,
  policy,
};
