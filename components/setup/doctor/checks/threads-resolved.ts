import { defineCheck } from '../check.ts';
import { byApi, checkSetting } from '../remedy.ts';

export const check = defineCheck({
  id: 'threads-resolved',
  topic: 'merge',
  about: 'A merge takes all threads resolved, so that nobody merges past a question.',
  run: ({ project }) => [
    checkSetting('threads resolved', {
      ...{ got: project.onlyAllowMergeIfAllDiscussionsAreResolved, wanted: true },
      ...{ says: 'a merge takes all of them resolved', expected: 'on', wrongly: 'off' },
      fix: `Settings > Merge requests > Merge checks: "All threads must be resolved" on; or ${byApi(project, { only_allow_merge_if_all_discussions_are_resolved: true })}.`,
    }),
  ],
});
