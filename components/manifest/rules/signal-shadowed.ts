import { loadConstancy } from '../conditions/constant.ts';
import {
  type ConstancyOf,
  hasExpressions,
  hidesTheRest,
  plainConstancy,
  renderSignal,
  type TriedSignal,
  triedSignals,
} from '../conditions/signals.ts';
import { defineRule, type RuleIssue } from '../rule.ts';

export const rule = defineRule({
  id: 'signal-shadowed',
  severity: 'warning',
  about:
    'Completion signals are tried from the highest priority down. A signal below one that always fires, or below ' +
    'one with the same condition, can never be raised. One without a condition is raised by the agent itself; a ' +
    'checkpoint is noted, and hides nothing.',
  check: (document) => shadowed(triedSignals(document), plainConstancy),
  checkFurther: async (document) => {
    const signals = triedSignals(document);
    if (signals.length < 2 || !hasExpressions(signals)) return [];
    const told = new Set(shadowed(signals, plainConstancy).map(({ path }) => path.at(-2)));
    return shadowed(signals, await loadConstancy(document.data, signals)).filter(
      ({ path }) => !told.has(path.at(-2)),
    );
  },
});

function shadowed(signals: readonly TriedSignal[], constancyOf: ConstancyOf): readonly RuleIssue[] {
  const first = new Map<string, TriedSignal>();
  let always: TriedSignal | undefined;
  return signals.flatMap((signal) => {
    const condition = withoutSpaces(signal.condition);
    const above = always ?? (condition === undefined ? undefined : first.get(condition));
    if (above === undefined) {
      if (condition !== undefined && signal.signal !== 'checkpoint') first.set(condition, signal);
      if (hidesTheRest(signal, constancyOf)) always = signal;
      return [];
    }
    const why = above === always ? 'always fires' : 'has the same condition';
    return [
      {
        path: [...signal.path, 'signal'],
        message: `signal ${renderSignal(signal)} can never be raised: ${renderSignal(above)} is tried first and ${why}`,
        fix: 'Give it a higher priority or another condition, or remove it.',
      },
    ];
  });
}

/** The condition without white space outside of quotes, so that layout makes no difference. */
function withoutSpaces(condition: string | undefined): string | undefined {
  return condition?.replace(/("[^"]*"|'[^']*')|\s+/g, (_, quoted?: string) => quoted ?? '');
}
