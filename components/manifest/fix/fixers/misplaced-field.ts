import { valueAt } from '../../../kernel/place.ts';
import { isData } from '../../read-data.ts';
import { defineFixer } from '../fixer.ts';
import { isAt } from '../place.ts';

interface Place {
  readonly path: string;
  readonly to: (path: readonly (string | number)[]) => readonly (string | number)[];
  readonly takes: (value: unknown) => boolean;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

/** Fields that stand in the wrong mapping, and the one where OSSA has them. */
const places: readonly Place[] = [
  { path: 'metadata.taxonomy', to: () => ['spec', 'taxonomy'], takes: isData },
  { path: 'metadata.tags', to: () => ['metadata', 'catalog', 'tags'], takes: isTexts },
  { path: 'metadata.categories', to: () => ['metadata', 'catalog', 'categories'], takes: isTexts },
  { path: 'metadata.license', to: () => ['metadata', 'annotations', 'license'], takes: isText },
  { path: 'metadata.homepage', to: () => ['metadata', 'annotations', 'homepage'], takes: isText },
  { path: 'metadata.repository', to: () => ['metadata', 'annotations', 'repository'], takes: isText },
  { path: 'metadata.author', to: () => ['metadata', 'annotations', 'author'], takes: isText },
  // What a binding needs besides is its configuration.
  {
    path: 'runtime.bindings.*.*',
    to: (path) => [...path.slice(0, 3), 'config', ...path.slice(3)],
    takes: () => true,
  },
];

export const fixer = defineFixer({
  id: 'misplaced-field',
  about:
    'A field that stands in the wrong mapping goes to the one where OSSA has it: `metadata.taxonomy` to `spec`, tags to the ' +
    'catalog, a licence to the annotations, what a binding needs besides to its `config`.',
  plan: (issue, document) => {
    if (issue.target !== 'key') return undefined;
    const value = valueAt(document, issue.path);
    const found = places.find((place) => isAt(issue.path, place.path) && place.takes(value));
    if (found === undefined) return undefined;
    const to = found.to(issue.path);
    return { edits: [{ do: 'move', path: issue.path, to }], says: `to ${to.slice(0, -1).join('.')}` };
  },
});
