import { renderPath } from '../../kernel/place.ts';
import { nearest } from '../../kernel/suggest.ts';
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
      const ids = experts.flatMap(({ value }) => textAt(value, ['id']) ?? []);
      return experts.flatMap((expert) => {
        const fallback = textAt(expert.value, ['availability', 'fallback']);
        if (fallback === undefined || ids.includes(fallback)) return [];
        const near = nearest(fallback, ids);
        const path = [...expert.path, 'availability', 'fallback'];
        return [
          {
            path,
            message: `${renderPath(path)} is "${fallback}", which is no expert of this registry`,
            expected: `one of: ${ids.join(', ')}`,
            got: fallback,
            ...(near === undefined ? {} : { suggestion: near }),
          },
        ];
      });
    }),
});
