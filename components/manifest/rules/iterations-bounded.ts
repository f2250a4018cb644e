import { valueAt } from '../../kernel/place.ts';
import { signalsPath } from '../conditions/places.ts';
import { isData, itemsAt, textAt } from '../read-data.ts';
import { defineRule, type RuleIssue } from '../rule.ts';
import type { Data } from '../types.ts';

/** Versions without completion signals: what is missing could not be written. */
const withoutCompletion = /^ossa\/v0\.(?:[12]|3\.[0-4])(?:\D|$)/;
const limits = ['max_iterations', 'timeout_seconds'];

export const rule = defineRule({
  id: 'iterations-bounded',
  severity: 'warning',
  about:
    'An agent that goes on by itself (autonomy `autonomous` or `fully_autonomous`, a signal or a default `continue`) ' +
    'has no `max_iterations` or no `timeout_seconds` in `spec.completion`, so one that goes in circles is stopped ' +
    'late, or by its budget.',
  check: ({ data, kind }) => {
    if (kind !== 'Agent' || withoutCompletion.test(textAt(data, ['apiVersion']) ?? '')) return [];
    const missing = limits.filter((limit) => valueAt(data, ['spec', 'completion', limit]) === undefined);
    const reason = reasonToGoOn(data);
    return missing.length === 0 || reason === undefined ? [] : [unbounded(data, missing, reason)];
  },
});

function unbounded(data: Data, missing: readonly string[], reason: Reason): RuleIssue {
  const completion = ['spec', 'completion'];
  const hasCompletion = isData(valueAt(data, completion));
  return {
    path: hasCompletion ? completion : reason.path,
    ...(hasCompletion ? { target: 'key' as const } : {}),
    message: `this agent goes on by itself (${reason.words}), and spec.completion has no ${missing.join(' and no ')}`,
    fix: 'Say after how many iterations and how many seconds a session is to end at the latest.',
  };
}

interface Reason {
  readonly path: readonly (string | number)[];
  readonly words: string;
}

function reasonToGoOn(data: Data): Reason | undefined {
  const level = ['spec', 'autonomy', 'level'];
  const autonomy = textAt(data, level);
  if (autonomy === 'autonomous' || autonomy === 'fully_autonomous')
    return { path: level, words: `its autonomy is ${autonomy}` };
  const byDefault = ['spec', 'completion', 'default_signal'];
  if (textAt(data, byDefault) === 'continue') return { path: byDefault, words: 'its default is "continue"' };
  const signal = itemsAt(data, signalsPath).find(({ value }) => textAt(value, ['signal']) === 'continue');
  return signal === undefined ? undefined : { path: signal.path, words: 'it has a signal "continue"' };
}
