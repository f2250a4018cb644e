import { quote } from '../../kernel/schema-terms.ts';
import { loadConstancy } from '../conditions/constant.ts';
import {
  type Constancy,
  hasExpressions,
  plainConstancy,
  renderSignal,
  type TriedSignal,
  triedSignals,
} from '../conditions/signals.ts';
import { defineRule, type RuleIssue } from '../rule.ts';

const answers: Readonly<Record<Constancy, string>> = {
  always: 'always true',
  'once-reported': 'true of every confidence, which lies between 0 and 1',
  never: 'never true',
};

export const rule = defineRule({
  id: 'signal-constant',
  severity: 'warning',
  about:
    'The condition of a completion signal has the same answer in every session: the signal is never raised, or each ' +
    'time. `confidence < 70` and `iteration_count <= max_iterations` are such; a plain `true` is taken as meant.',
  check: (document) => constant(triedSignals(document), plainConstancy),
  checkFurther: async (document) => {
    const signals = triedSignals(document).filter((signal) => plainConstancy(signal) === undefined);
    if (!hasExpressions(signals)) return [];
    return constant(signals, await loadConstancy(document.data, signals));
  },
});

function constant(
  signals: readonly TriedSignal[],
  constancyOf: (signal: TriedSignal) => Constancy | undefined,
): readonly RuleIssue[] {
  return signals.flatMap((signal) => {
    const constancy = constancyOf(signal);
    if (constancy === undefined || plainConstancy(signal) === 'always') return [];
    return [
      {
        path: [...signal.path, 'condition'],
        message: `the condition of ${renderSignal(signal)} is ${answers[constancy]}`,
        ...(signal.condition === undefined ? {} : { got: quote(signal.condition) }),
        fix: constancy === 'never' ? 'Change it, or remove the signal.' : 'Change it, or write true.',
      },
    ];
  });
}
