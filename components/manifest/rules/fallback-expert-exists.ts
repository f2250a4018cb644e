import { createMissing } from '../graph/missing.ts';
import { extensionsNamed, itemsAt, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'fallback-expert-exists',
  severity: 'error',
  about:
    'An expert of `extensions.experts` falls back to an expert that is not in the registry, so a failing model ' +
    'would end the session instead of falling back.',
  check: ({ data }) =>
    extensionsNamed(data, 'experts').flatMap((extension) => {
      const experts = itemsAt(data, [...extension.path, 'registry']);
      const names = experts.flatMap(({ value }) => textAt(value, ['id']) ?? []);
      const missing = createMissing({ names, noun: 'expert of this registry' });
      return experts.flatMap(({ path, value }) => {
        const fallback = textAt(value, ['availability', 'fallback']);
        return fallback === undefined ? [] : missing([...path, 'availability', 'fallback'], fallback);
      });
    }),
});
