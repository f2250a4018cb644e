import { inRules } from '../../../gitlab/ci-context.ts';
import { ofKnown, ok, wrong } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { type MergedJob, type MergedPipeline, makesPipeline, mayBeInRequests } from '../pipeline.ts';

const name = 'pipelines of merge requests';
const { source, branch, openMergeRequests } = inRules;

export const check = defineCheck({
  id: 'merge-request-pipelines',
  topic: 'gate',
  about:
    'Merge requests have pipelines, of some job of the project beside ours: in `.pre` and `.post` ours make none by themselves, so that including them changes no project, and the gate would say nothing there and hand nothing off.',
  run: ({ pipeline, recent }) => [
    ofKnown(name, { pipeline, recent }, (known) => {
      if (mayHave(known.pipeline)) return ok(name, 'the configuration makes them');
      if (known.recent.some((one) => one.source === 'merge_request_event'))
        return ok(name, 'there have been some');
      return wrong(name, {
        expected: 'some, of jobs of the project',
        got: 'no job but those in .pre and .post that would run in one',
        fix: `Write workflow:rules to .gitlab-ci.yml: if: $${source} == "merge_request_event"; then if: $${branch} && $${openMergeRequests} with when: never; then if: $${branch}. Jobs without rules of their own are in both then.`,
      });
    }),
  ],
});

/** What cannot be told counts as what may be: `only`, and conditions about neither. */
function mayHave({ workflow, jobs }: MergedPipeline): boolean {
  const isShut = workflow !== undefined && !mayBeInRequests(workflow);
  // A job without rules runs for branches and tags alone, but where the workflow has rules: then it runs wherever these let it.
  const mayRun = ({ rules, hasOnly }: MergedJob) =>
    rules === undefined ? hasOnly || workflow !== undefined : mayBeInRequests(rules);
  return !isShut && jobs.filter(makesPipeline).some(mayRun);
}
