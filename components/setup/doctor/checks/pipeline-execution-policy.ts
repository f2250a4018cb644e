import { note } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { tierNames } from '../tiers.ts';

const name = 'binding against the author';

export const check = defineCheck({
  id: 'pipeline-execution-policy',
  topic: 'gate',
  about:
    'What would bind the author of a merge request, who edits all that its pipeline runs: a pipeline execution policy, which takes Ultimate. Told, and no mistake: GitLab does not say whether there is one.',
  run: ({ tier }) => {
    if (tier === 'ultimate')
      return [
        note(
          name,
          'a pipeline execution policy (Secure > Policies, in a security policy project) that includes gate: its job cannot be taken out or changed. Whether there is one is not looked at',
        ),
      ];
    const otherwise =
      tier === 'premium'
        ? 'owners of code see to .gitlab-ci.yml'
        : 'the trusted project and the default branch decide again';
    return [
      note(
        name,
        `${tierNames[tier]} has nothing that keeps an author from taking the gate out of a merge request; ${otherwise}`,
      ),
    ];
  },
});
