import { declaredTwice } from '../graph/duplicates.ts';
import { extensionsNamed, itemsAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'expert-declared-twice',
  severity: 'error',
  about:
    'Two experts of `extensions.experts` have one id: experts are chosen, and fallen back to, by id, so one of them ' +
    'can never be chosen.',
  check: ({ data }) =>
    extensionsNamed(data, 'experts').flatMap(({ path }) =>
      declaredTwice(itemsAt(data, [...path, 'registry']), 'id', 'expert'),
    ),
});
