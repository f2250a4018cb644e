import { createParse } from '../../expressions/checker.ts';
import { createEvaluator } from '../../expressions/compile.ts';
import { tableOf } from '../../expressions/environment.ts';
import { environments } from '../../expressions/registry.ts';

// This module loads the CEL compiler (0.1 s from the sources): rules import what needs it when there is a condition.
// An evaluator keeps nothing of what it compiled; each takes 0.2 ms to make, as long as a manifest may take in all.

export const signalEvaluator = createEvaluator(environments.signal);
export const alertEvaluator = createEvaluator(environments.alert);
export const conditionEvaluator = createEvaluator(environments.condition);

/** Parses without looking at names. */
export const parseExpression = createParse(tableOf(environments.condition));
