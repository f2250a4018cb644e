import { valueAt } from '../../../kernel/place.ts';
import { isData } from '../../read-data.ts';
import { defineFixer } from '../fixer.ts';
import { isAt, textOf } from '../place.ts';

interface Synonym {
  readonly path: string;
  readonly given: string;
  readonly meant: string;
  readonly where?: (document: unknown) => boolean;
}

const synonyms: readonly Synonym[] = [
  // To continue after an error is to ignore it: GitLab and GitHub say `continue`, OSSA says `ignore`.
  { path: 'spec.error_handling.on_error', given: 'continue', meant: 'ignore' },
  { path: 'spec.error_handling.on_error', given: 'stop', meant: 'fail' },
  { path: 'spec.error_handling.on_error', given: 'abort', meant: 'fail' },
  // Of OSSA's runtimes kagent is the one on Kubernetes; that it is the one meant the extension says.
  {
    path: 'runtime.type',
    given: 'kubernetes',
    meant: 'kagent',
    where: (document) => isData(valueAt(document, ['extensions', 'kagent'])),
  },
  { path: 'runtime.type', given: 'a2a', meant: 'google-a2a' },
];

export const fixer = defineFixer({
  id: 'synonym',
  about:
    'A word that people use elsewhere for the same thing becomes OSSA’s own (`on_error: continue` is `ignore`).',
  plan: (issue, document) => {
    const allowed = issue.wants?.values ?? [];
    const given = textOf(document, issue.path);
    const found = synonyms.find(
      (one) => one.given === given && isAt(issue.path, one.path) && (one.where?.(document) ?? true),
    );
    if (found === undefined || !allowed.includes(found.meant)) return undefined;
    return {
      edits: [{ do: 'set', path: issue.path, value: found.meant }],
      says: `${found.given} → ${found.meant}`,
    };
  },
});
