import { loadChecks } from '../conditions/load.ts';
import { conditionsOf } from '../conditions/places.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'condition-readable',
  severity: 'warning',
  about:
    'A condition of a workflow step or of a flow cannot be read as CEL. Which names it may use is up to the engine ' +
    'that runs it; the dollar sign and braces around it are taken away, and one with a variable in it is not looked at.',
  check: () => [],
  checkFurther: async (document) => {
    const conditions = conditionsOf(document).filter(({ use }) => use === 'step' || use === 'flow');
    if (conditions.length === 0) return [];
    const { checkSyntax } = await loadChecks();
    return checkSyntax(conditions);
  },
});
