import { valueAt } from '../../kernel/place.ts';
import { createMissing } from '../graph/missing.ts';
import { stepIds, stepsOf } from '../graph/steps.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'step-dependency-exists',
  severity: 'error',
  about: 'A step of a workflow waits for a step that is not there, so it would never start.',
  check: (document) => {
    const steps = stepsOf(document);
    const missing = createMissing({ names: stepIds(steps), noun: 'step of this workflow' });
    return steps.flatMap(({ path, value }) => {
      const ids = valueAt(value, ['depends_on']);
      if (!Array.isArray(ids)) return [];
      return ids.flatMap((id: unknown, index) =>
        typeof id === 'string' ? missing([...path, 'depends_on', index], id) : [],
      );
    });
  },
});
