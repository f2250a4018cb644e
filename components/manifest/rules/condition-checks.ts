import { loadChecks } from '../conditions/load.ts';
import { conditionsOf } from '../conditions/places.ts';
import { readPlain } from '../conditions/plain.ts';
import { defineRule } from '../rule.ts';

const uses = ['signal', 'precondition', 'postcondition'];

export const rule = defineRule({
  id: 'condition-checks',
  severity: 'error',
  about:
    'The condition of a completion signal, a precondition or a postcondition is no CEL over the facts it may ask for, ' +
    'or asks for one that has no value there. `run` refuses such a manifest, or the condition never has an answer.',
  check: () => [],
  checkFurther: async (document) => {
    const conditions = conditionsOf(document).filter(
      ({ use, source }) => uses.includes(use) && !(use === 'signal' && readPlain(use, source) !== undefined),
    );
    if (conditions.length === 0) return [];
    const { checkConditions } = await loadChecks();
    return checkConditions(document.data, conditions);
  },
});
