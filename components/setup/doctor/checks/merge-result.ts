import { note, ok } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { untold } from '../remedy.ts';

const name = 'result of a merge';

export const check = defineCheck({
  id: 'merge-result',
  topic: 'merge',
  about:
    'What a pipeline checks: the branch as it is, or the result of its merge. Told, and no mistake: only merge trains (Premium) check each result before it is there.',
  run: ({ project }) => {
    const { mergeMethod, mergeTrainsEnabled, mergePipelinesEnabled } = project;
    if (mergeMethod === undefined) return [untold(name, 'Settings > Merge requests > Merge method.')];
    if (mergeTrainsEnabled === true) return [ok(name, 'merge trains check it before it is there')];
    if (mergePipelinesEnabled === true)
      return [
        note(
          name,
          'merged results pipelines check it as the target branch was then; a merge train would each time',
        ),
      ];
    if (mergeMethod !== 'merge')
      return [
        ok(name, `${mergeMethod}: what is merged is what a pipeline has checked, since it is rebased first`),
      ];
    return [
      note(
        name,
        'merge: pipelines check the branch and not its merge; the default branch is where a clash is found',
      ),
    ];
  },
});
