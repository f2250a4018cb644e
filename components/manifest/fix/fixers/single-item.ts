import { valueAt } from '../../../kernel/place.ts';
import { defineFixer } from '../fixer.ts';

export const fixer = defineFixer({
  id: 'single-item',
  about: 'A text where the field takes a list becomes a list of that one text.',
  plan: (issue, document) => {
    const given = valueAt(document, issue.path);
    if (typeof given !== 'string' || given === '' || /[\n,]/.test(given)) return undefined;
    if (issue.wants?.types?.join() !== 'array') return undefined;
    return { edits: [{ do: 'set', path: issue.path, value: [given] }], says: `${given} → [${given}]` };
  },
});
