import { loadChecks } from '../conditions/load.ts';
import { conditionsOf } from '../conditions/places.ts';
import { readPlain } from '../conditions/plain.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'alert-condition-checks',
  severity: 'warning',
  about:
    'The condition of an alert of `extensions.moe` is no CEL over the facts of alerts, or asks for one that has no ' +
    'value, so the alert is never raised.',
  check: () => [],
  checkFurther: async (document) => {
    const conditions = conditionsOf(document).filter(
      ({ use, source }) => use === 'alert' && readPlain(use, source) === undefined,
    );
    if (conditions.length === 0) return [];
    const { checkConditions } = await loadChecks();
    return checkConditions(document.data, conditions);
  },
});
