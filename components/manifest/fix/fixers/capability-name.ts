import { defineFixer } from '../fixer.ts';
import { isAt, textOf } from '../place.ts';

export const fixer = defineFixer({
  id: 'capability-name',
  about:
    'From 0.3.5 on a capability of a tool is a mapping. A bare name, as it was written before, becomes one with that name and ' +
    'the type `tool`: it stands at a tool. Names have dashes there; one with underscores is kept in a comment.',
  plan: (issue, document) => {
    const given = textOf(document, issue.path);
    if (given === undefined || !isAt(issue.path, 'spec.tools[].capabilities[]')) return undefined;
    if (issue.wants?.types?.includes('object') !== true) return undefined;
    const name = given.toLowerCase().replaceAll('_', '-');
    if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return undefined;
    const comment = name === given ? {} : { comment: `was: ${given}` };
    return {
      edits: [{ do: 'set', path: issue.path, value: { name, type: 'tool' }, ...comment }],
      says: `${given} → { name: ${name}, type: tool }`,
    };
  },
});
