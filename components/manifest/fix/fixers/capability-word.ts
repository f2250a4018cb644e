import { defineFixer } from '../fixer.ts';
import { isAt, textOf } from '../place.ts';

export const fixer = defineFixer({
  id: 'capability-word',
  about: 'The capability of a taxonomy is written with underscores: dashes and blanks become some.',
  plan: (issue, document) => {
    const given = textOf(document, issue.path);
    if (given === undefined || !isAt(issue.path, 'spec.taxonomy.capability')) return undefined;
    const meant = given
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_');
    if (meant === given || !/^[a-z][a-z0-9_]*$/.test(meant)) return undefined;
    return { edits: [{ do: 'set', path: issue.path, value: meant }], says: `${given} → ${meant}` };
  },
});
