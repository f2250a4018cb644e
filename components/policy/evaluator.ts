import { createEvaluator } from '../expressions/compile.ts';
import { environments } from '../expressions/registry.ts';

/** Compiles the conditions of policies and checks the facts of requests. */
export const evaluator = createEvaluator(environments.policy);
