import { valueAt } from '../../../kernel/place.ts';
import { defineFixer } from '../fixer.ts';

export const fixer = defineFixer({
  id: 'switch',
  about: 'A true or false where the field takes a mapping with `enabled` becomes that mapping.',
  plan: (issue, document) => {
    const given = valueAt(document, issue.path);
    const { types = [], names = [] } = issue.wants ?? {};
    if (typeof given !== 'boolean' || !types.includes('object') || !names.includes('enabled'))
      return undefined;
    return {
      edits: [{ do: 'set', path: issue.path, value: { enabled: given } }],
      says: `${given} → { enabled: ${given} }`,
    };
  },
});
