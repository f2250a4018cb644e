import { defineCheck } from '../check.ts';
import { byApi, checkSetting } from '../remedy.ts';

const setting = 'Settings > Merge requests > Merge checks';

export const check = defineCheck({
  id: 'pipelines-must-succeed',
  topic: 'merge',
  about:
    'Nothing is merged without a pipeline that succeeded, and a skipped one (`[ci skip]`) is none: else the gate stops nothing.',
  run: ({ project }) => [
    checkSetting('pipelines must succeed', {
      ...{ got: project.onlyAllowMergeIfPipelineSucceeds, wanted: true },
      ...{ says: 'a merge takes a pipeline that succeeded', expected: 'on', wrongly: 'off' },
      fix: `${setting}: "Pipelines must succeed" on; or ${byApi(project, { only_allow_merge_if_pipeline_succeeds: true })}.`,
    }),
    checkSetting('skipped pipelines', {
      // GitLab has null for a project that was never asked.
      ...{ got: project.allowMergeOnSkippedPipeline ?? false, wanted: false },
      ...{ says: 'they are no success', expected: 'not to count as success', wrongly: 'they do' },
      fix: `${setting}: "Skipped pipelines are considered successful" off; or ${byApi(project, { allow_merge_on_skipped_pipeline: false })}.`,
    }),
  ],
});
