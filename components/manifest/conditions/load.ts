import { once } from '../../kernel/once.ts';

/** The checks of conditions, which need the compiler: loaded where a document has a condition that does. */
export const loadChecks = once(() => import('./check.ts'));

export const loadEvaluators = once(() => import('./evaluators.ts'));
