import { renderPath } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { listed } from '../../kernel/suggest.ts';
import { createFollow, type Reference, referencesOf } from '../graph/references.ts';
import { noNeighbours } from '../neighbours.ts';
import { defineRule, type RuleIssue } from '../rule.ts';

export const rule = defineRule({
  id: 'reference-exists',
  severity: 'error',
  about:
    'A file that a step, a dependency, a fallback or a handoff refers to is not in the repository, is no manifest, or ' +
    'is of another kind than wanted. Paths are looked up from the folder of the manifest and from those above it; names ' +
    'of a registry and addresses are not looked at.',
  check: () => [],
  checkFurther: async (document, neighbours) => {
    // A text that lies in no folder has nothing beside it.
    if (neighbours === noNeighbours) return [];
    const follow = createFollow(neighbours);
    const issues: RuleIssue[] = [];
    for (const reference of referencesOf(document)) {
      issues.push(...judge(reference, await follow(reference.file)));
    }
    return issues;
  },
});

function judge(reference: Reference, kinds: readonly string[] | undefined): readonly RuleIssue[] {
  const { path, file, wanted, optional } = reference;
  const place = `${renderPath(path)} is ${quote(file)}`;
  if (kinds === undefined) {
    if (optional) return [];
    return [{ path, message: `${place}, and there is no such file in the repository`, got: quote(file) }];
  }
  if (kinds.some((kind) => wanted.includes(kind))) return [];
  const found = [...new Set(kinds)].map((kind) => (kind === '?' ? 'no manifest' : kind));
  return [
    {
      path,
      message: `${place}, which holds ${found.length === 0 ? 'nothing' : listed(found)}`,
      expected: wanted.join(' or '),
      got: found.length === 0 ? 'nothing' : listed(found),
    },
  ];
}
