import { valueAt } from '../../../kernel/place.ts';
import { isData } from '../../read-data.ts';
import { defineFixer } from '../fixer.ts';
import { isAt } from '../place.ts';

interface Successor {
  readonly path: string;
  readonly to: (name: string) => readonly string[];
  readonly takes: (value: unknown) => boolean;
}

const isText = (value: unknown): boolean => typeof value === 'string';

/** Deprecated fields whose successor takes the same value; where its shape is another one, people decide. */
const successors: readonly Successor[] = [
  { path: 'spec.identity.*', to: (name) => ['spec', 'identity', 'observability', name], takes: isText },
  {
    path: 'spec.model',
    to: () => ['spec', 'llm'],
    takes: (value) => isData(value) && isText(value.provider) && isText(value.model),
  },
  {
    path: 'spec.access_tier',
    to: () => ['spec', 'access', 'tier'],
    takes: (value) => /^tier_[1-4]_/.test(String(value)),
  },
];

export const fixer = defineFixer({
  id: 'successor',
  about:
    'A deprecated field whose successor takes the same value goes there: `spec.model` to `spec.llm`, `spec.access_tier` to ' +
    '`spec.access.tier`, the names of a service to `spec.identity.observability`.',
  plan: (issue, document) => {
    const name = issue.path.at(-1);
    if (issue.code.code !== 'RULE_FIELD_DEPRECATED' || typeof name !== 'string') return undefined;
    const value = valueAt(document, issue.path);
    const found = successors.find(({ path, takes }) => isAt(issue.path, path) && takes(value));
    if (found === undefined) return undefined;
    const to = found.to(name);
    return { edits: [{ do: 'move', path: issue.path, to }], says: `to ${to.join('.')}` };
  },
});
