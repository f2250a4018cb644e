import { defineFixer } from '../fixer.ts';
import { isAt } from '../place.ts';
import { certainName } from '../similar.ts';

/** Names that had or have another one elsewhere, by the place of the mapping they stand in. */
const renamed: readonly { readonly path: string; readonly given: string; readonly meant: string }[] = [
  { path: 'spec.preconditions[]', given: 'message', meant: 'error_message' },
  { path: 'spec.postconditions[]', given: 'message', meant: 'error_message' },
  { path: 'spec.handoffs[]', given: 'target_agent', meant: 'to' },
  { path: 'spec.handoffs[]', given: 'target', meant: 'to' },
  { path: 'spec.handoffs[]', given: 'agent', meant: 'to' },
  { path: 'spec.handoffs[]', given: 'when', meant: 'condition' },
];

export const fixer = defineFixer({
  id: 'field-name',
  about:
    'A field that is not known becomes the one that was certainly meant: the same but for case, dashes and underscores, with ' +
    'one wrong letter, or under the name it has now (`message` of a condition is `error_message`).',
  plan: (issue) => {
    const given = issue.path.at(-1);
    const names = issue.wants?.names ?? [];
    if (issue.target !== 'key' || typeof given !== 'string') return undefined;
    const holder = issue.path.slice(0, -1);
    const known = renamed.find(
      (one) => one.given === given && isAt(holder, one.path) && names.includes(one.meant),
    );
    const meant = known?.meant ?? certainName(given, names);
    if (meant === undefined) return undefined;
    return { edits: [{ do: 'rename', path: issue.path, name: meant }], says: `${given} → ${meant}` };
  },
});
