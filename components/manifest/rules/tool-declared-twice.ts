import { declaredTwice } from '../graph/duplicates.ts';
import { itemsAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'tool-declared-twice',
  severity: 'error',
  about: 'Two tools have one name: a model calls tools by name, so one of them can never be called.',
  check: ({ data }) => declaredTwice(itemsAt(data, ['spec', 'tools']), 'name', 'tool'),
});
