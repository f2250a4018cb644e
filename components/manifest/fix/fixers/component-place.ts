import { componentFindings } from '../../ossa-components/findings.ts';
import { defineFixer } from '../fixer.ts';
import { isAt } from '../place.ts';

export const fixer = defineFixer({
  id: 'component-place',
  about:
    'Completion signals and checkpointing that stand among the extensions go to `spec`, where they are read; how a metric is ' +
    'collected goes out of its measurement.',
  plan: (issue) => {
    if (issue.code.code !== componentFindings.PLACE.code) return undefined;
    const name = issue.path.at(-1);
    const isOfSpec = name === 'completion' || name === 'checkpointing';
    const isCollection = name === 'collection' && issue.path.at(-2) === 'measurement';
    const isExtension = isAt(issue.path, 'extensions.*') || isAt(issue.path, 'spec.extensions.*');
    const to =
      isOfSpec && isExtension
        ? ['spec', name]
        : isCollection
          ? [...issue.path.slice(0, -2), name]
          : undefined;
    if (to === undefined) return undefined;
    return { edits: [{ do: 'move', path: issue.path, to }], says: `to ${to.slice(0, -1).join('.')}` };
  },
});
