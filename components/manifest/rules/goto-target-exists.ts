import { createMissing } from '../graph/missing.ts';
import { stepIds, stepsOf } from '../graph/steps.ts';
import { textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'goto-target-exists',
  severity: 'error',
  about: 'A step that fails is to jump to a step that is not there, or the jump has no target at all.',
  check: (document) => {
    const steps = stepsOf(document);
    const missing = createMissing({ names: stepIds(steps), noun: 'step of this workflow' });
    return steps.flatMap(({ path, value }) => {
      const goto = textAt(value, ['on_error', 'goto']);
      if (goto !== undefined) return missing([...path, 'on_error', 'goto'], goto);
      if (textAt(value, ['on_error', 'action']) !== 'goto') return [];
      return [
        {
          path: [...path, 'on_error', 'action'],
          message: 'a failure is to jump to another step, and on_error.goto does not say to which',
          expected: 'on_error.goto with the id of a step',
        },
      ];
    });
  },
});
