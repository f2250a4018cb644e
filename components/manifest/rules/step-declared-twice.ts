import { declaredTwice } from '../graph/duplicates.ts';
import { stepsOf } from '../graph/steps.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'step-declared-twice',
  severity: 'error',
  about:
    'Two steps of a workflow have one id. OSSA wants ids unique within the workflow, nested steps included: ' +
    '`depends_on`, `goto` and `steps.<id>.output` would mean either of them.',
  check: (document) => declaredTwice(stepsOf(document), 'id', 'step'),
});
