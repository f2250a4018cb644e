import { defineFixer } from '../fixer.ts';
import { isAt, textOf } from '../place.ts';

export const fixer = defineFixer({
  id: 'location-uri',
  about:
    'A placeholder in the location of checkpoints (`{session_id}`) is written as a URI writes braces: `%7Bsession_id%7D`. OSSA ' +
    'wants a URI there, and RFC 3986 has no braces in one.',
  plan: (issue, document) => {
    const given = textOf(document, issue.path);
    if (given === undefined || !isAt(issue.path, 'spec.checkpointing.storage.location')) return undefined;
    const meant = given.replaceAll(/\{(\w+)\}/g, '%7B$1%7D');
    if (meant === given || !URL.canParse(meant)) return undefined;
    return { edits: [{ do: 'set', path: issue.path, value: meant }], says: `${given} → ${meant}` };
  },
});
