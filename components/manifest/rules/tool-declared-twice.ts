import { itemsAt, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'tool-declared-twice',
  severity: 'error',
  about: 'Two tools have one name: a model calls tools by name, so one of them can never be called.',
  check: ({ data }) => {
    const first = new Map<string, string>();
    return itemsAt(data, ['spec', 'tools']).flatMap((tool) => {
      const name = textAt(tool.value, ['name']);
      if (name === undefined) return [];
      const place = `spec.tools[${tool.path.at(-1)}]`;
      const earlier = first.get(name);
      if (earlier === undefined) {
        first.set(name, place);
        return [];
      }
      return [
        {
          path: [...tool.path, 'name'],
          message: `the tool "${name}" is declared already at ${earlier}`,
          got: name,
          fix: 'Give it another name, or merge the two.',
        },
      ];
    });
  },
});
