import { checkDefaultBranch } from '../../check-branches.ts';
import { note, ofKnown, ok } from '../../lines.ts';
import { levels, rulesOf } from '../../protection.ts';
import { defineCheck } from '../check.ts';

const name = 'pushes past the gate';

export const check = defineCheck({
  id: 'default-branch',
  topic: 'merge',
  about:
    'Developers reach the default branch by merge requests alone, and nobody forces a push. That maintainers may push is told, and no mistake.',
  run: (facts) => [
    checkDefaultBranch(facts),
    ofKnown(name, { rules: facts.rules }, ({ rules }) => {
      const levelsThere = rulesOf(rules, facts.project.defaultBranch ?? '').flatMap(
        ({ pushAccessLevels }) => pushAccessLevels,
      );
      if (levelsThere.length > 0 && levelsThere.every(({ accessLevel }) => accessLevel === levels.nobody))
        return ok(name, 'nobody may push to the default branch');
      return note(
        name,
        'some may push to the default branch without a merge request; "Allowed to push and merge: No one" (Settings > Repository > Protected branches) ends that',
      );
    }),
  ],
});
