import { defineFixer } from '../fixer.ts';

export const fixer = defineFixer({
  id: 'extension-name',
  about:
    'A mixture of experts that stands as `moe`, or measures of effectiveness that stand as `experts`, get the name of what they ' +
    'are, where it is free.',
  plan: (issue) => {
    const [given, meant] = [issue.path.at(-1), issue.suggestion];
    if (issue.code.code !== 'RULE_EXPERTS_MOE_MIXED_UP' || typeof given !== 'string' || meant === undefined)
      return undefined;
    return { edits: [{ do: 'rename', path: issue.path, name: meant }], says: `${given} → ${meant}` };
  },
});
