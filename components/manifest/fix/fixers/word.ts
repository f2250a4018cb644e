import { defineFixer } from '../fixer.ts';
import { textOf } from '../place.ts';
import { certainWord } from '../similar.ts';

export const fixer = defineFixer({
  id: 'word',
  about:
    'A value that is none of those its field takes becomes the one that was certainly meant: the same but for case, dashes ' +
    'and underscores, with one wrong letter, or with one word too many or too few.',
  plan: (issue, document) => {
    const allowed = issue.wants?.values?.filter((value) => typeof value === 'string') ?? [];
    const given = textOf(document, issue.path);
    const meant = given === undefined ? undefined : certainWord(given, allowed);
    if (given === undefined || meant === undefined) return undefined;
    return { edits: [{ do: 'set', path: issue.path, value: meant }], says: `${given} → ${meant}` };
  },
});
