import { valueAt } from '../../kernel/place.ts';
import { loadConstancy } from '../conditions/constant.ts';
import {
  type ConstancyOf,
  hasExpressions,
  hidesTheRest,
  plainConstancy,
  renderSignal,
  triedSignals,
} from '../conditions/signals.ts';
import { isData } from '../read-data.ts';
import { defineRule, type RuleIssue } from '../rule.ts';
import type { ManifestDocument } from '../types.ts';

/** What an agent may give when no signal is raised, instead of the default, which is complete. */
const otherDefaults = ['continue', 'checkpoint', 'blocked', 'escalate'];

export const rule = defineRule({
  id: 'completion-reachable',
  severity: 'warning',
  about:
    'No signal of an agent and no default lead to `complete`: a session ends blocked, escalated, or when it has had ' +
    'all of its iterations. An agent that is meant to hand everything on may say so.',
  check: (document) => unreachable(document, plainConstancy),
  checkFurther: async (document) => {
    if (!hasExpressions(triedSignals(document)) || unreachable(document, plainConstancy).length > 0)
      return [];
    return unreachable(document, await loadConstancy(document.data, triedSignals(document)));
  },
});

function unreachable(document: ManifestDocument, constancyOf: ConstancyOf): readonly RuleIssue[] {
  const completion = ['spec', 'completion'];
  if (document.kind !== 'Agent' || !isData(valueAt(document.data, completion))) return [];
  const signals = triedSignals(document);
  const hiding = signals.findIndex((signal) => hidesTheRest(signal, constancyOf));
  const tried = hiding < 0 ? signals : signals.slice(0, hiding + 1);
  if (tried.some((signal) => signal.signal === 'complete' && constancyOf(signal) !== 'never')) return [];
  const above = signals[hiding];
  if (above !== undefined)
    return [
      {
        path: [...above.path, 'signal'],
        message: `no session of this agent ends with "complete": ${renderSignal(above)} always fires`,
        fix: 'Give a signal "complete" a higher priority, or this one a condition.',
      },
    ];
  const path = [...completion, 'default_signal'];
  const given = valueAt(document.data, path);
  if (typeof given !== 'string' || !otherDefaults.includes(given)) return [];
  return [
    {
      path,
      message: `no session of this agent ends with "complete": no signal raises it, and the default is "${given}"`,
      got: given,
      fix: 'Make "complete" the default, or add a signal "complete".',
    },
  ];
}
