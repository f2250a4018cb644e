import { valueAt } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { stepsOf } from '../graph/steps.ts';
import { isData, itemsAt, textAt } from '../read-data.ts';
import { defineRule, type RuleIssue } from '../rule.ts';
import type { ManifestDocument } from '../types.ts';

/** What `error_handling.on_failure` may say that runs the compensation steps; OSSA has the third in two spellings. */
const compensating = ['rollback', 'compensate', 'compensation'];

export const rule = defineRule({
  id: 'compensation-exists',
  severity: 'warning',
  about:
    'A failure is to be made good, and the manifest says no step that would do it: what was done before stays as ' +
    'it is.',
  check: (document) => {
    const steps = stepsOf(document);
    const without = steps.filter(
      ({ value }) =>
        textAt(value, ['on_error', 'action']) === 'compensate' &&
        !isData(valueAt(value, ['on_error', 'compensation'])),
    );
    const ofSteps = without.map(({ path }) => ({
      path: [...path, 'on_error', 'action'],
      message: 'a failure is to be made good, and on_error.compensation does not say by what',
      expected: 'on_error.compensation with a step',
    }));
    const anyInSteps = steps.some(({ value }) => isData(valueAt(value, ['on_error', 'compensation'])));
    return [...ofSteps, ...(anyInSteps ? [] : ofWorkflow(document))];
  },
});

function ofWorkflow({ data, kind }: ManifestDocument): readonly RuleIssue[] {
  const path = ['spec', 'error_handling'];
  const onFailure = textAt(data, [...path, 'on_failure']);
  if (kind !== 'Workflow' || onFailure === undefined || !compensating.includes(onFailure)) return [];
  if (itemsAt(data, [...path, 'compensation_steps']).length > 0) return [];
  return [
    {
      path: [...path, 'on_failure'],
      message: `a failure is to be answered with ${quote(onFailure)}, and there is no step that would do it`,
      expected: 'error_handling.compensation_steps, or on_error.compensation of a step',
    },
  ];
}
