import { extensionsNamed } from '../read-data.ts';
import { defineRule } from '../rule.ts';

const fieldsOf = {
  experts: ['registry', 'selection_strategy'],
  moe: ['primary', 'secondary', 'operational', 'tracking'],
} as const;

export const rule = defineRule({
  id: 'experts-moe-mixed-up',
  severity: 'error',
  about:
    'In OSSA `extensions.experts` is the mixture of experts and `extensions.moe` are measures of effectiveness. ' +
    'One stands under the name of the other, where nothing would read it.',
  check: ({ data }) => [
    ...misplaced(data, 'moe', 'experts', 'measures of effectiveness', 'mixture of experts'),
    ...misplaced(data, 'experts', 'moe', 'the mixture of experts', 'measures of effectiveness'),
  ],
});

function misplaced(
  data: unknown,
  here: keyof typeof fieldsOf,
  there: keyof typeof fieldsOf,
  meaning: string,
  content: string,
) {
  return extensionsNamed(data, here).flatMap(({ path, value }) => {
    const foreign = fieldsOf[there].filter((field) => Object.hasOwn(value, field));
    if (foreign.length === 0 || fieldsOf[here].some((field) => Object.hasOwn(value, field))) return [];
    return [
      {
        path,
        target: 'key' as const,
        message: `"${here}" means ${meaning}, but holds ${content} (${foreign.join(', ')})`,
        expected: `"${there}"`,
        got: here,
        suggestion: there,
      },
    ];
  });
}
