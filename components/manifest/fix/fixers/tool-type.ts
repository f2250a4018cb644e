import { defineFixer } from '../fixer.ts';
import { isAt, textOf } from '../place.ts';
import { certainWord } from '../similar.ts';

export const fixer = defineFixer({
  id: 'tool-type',
  about:
    'The type of a tool says how it is reached. A word that is no such way (`scanner`, `command`) becomes `custom`, OSSA’s own ' +
    'word for all others; what was there is kept in a comment.',
  plan: (issue, document) => {
    const allowed = issue.wants?.values?.filter((value) => typeof value === 'string') ?? [];
    const given = textOf(document, issue.path);
    if (!isAt(issue.path, 'spec.tools[].type') || given === undefined || !/^[\w .:/-]{1,60}$/.test(given))
      return undefined;
    if (!allowed.includes('custom') || certainWord(given, allowed) !== undefined) return undefined;
    return {
      edits: [{ do: 'set', path: issue.path, value: 'custom', comment: `was: ${given}` }],
      says: `${given} → custom`,
    };
  },
});
