import { defineFixer } from '../fixer.ts';
import { isAt } from '../place.ts';

/** Fields by the first version that has them; the mapping they stand in was closed before. */
const since: readonly { readonly path: string; readonly version: string; readonly before: RegExp }[] = [
  { path: 'metadata.identity', version: 'ossa/v0.5', before: /^ossa\/v0\.[34]/ },
  { path: 'security', version: 'ossa/v0.5', before: /^ossa\/v0\.[34]/ },
  { path: 'protocols', version: 'ossa/v0.5', before: /^ossa\/v0\.[34]/ },
  { path: 'spec.tools[].description', version: 'ossa/v0.3.0', before: /^ossa\/v0\.2/ },
  { path: 'runtime', version: 'ossa/v0.3.0', before: /^ossa\/v0\.2/ },
];

export const fixer = defineFixer({
  id: 'version-older',
  about:
    'A manifest that uses a field of a later version than it declares declares that version: it was written for it, and the ' +
    'field means nothing before.',
  plan: (issue, document) => {
    const declared = document.apiVersion;
    if (issue.target !== 'key' || typeof declared !== 'string') return undefined;
    const found = since.find(({ path, before }) => isAt(issue.path, path) && before.test(declared));
    if (found === undefined) return undefined;
    return {
      edits: [{ do: 'set', path: ['apiVersion'], value: found.version }],
      says: `${declared} → ${found.version}, the first version with this field`,
    };
  },
});
