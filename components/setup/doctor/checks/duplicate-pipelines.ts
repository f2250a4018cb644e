import { inRules } from '../../../gitlab/ci-context.ts';
import type { Pipeline } from '../../../gitlab/endpoints/pipeline.ts';
import type { Project } from '../../../gitlab/endpoints/projects.ts';
import { few, ofKnown, ok, wrong } from '../../lines.ts';
import type { CheckLine } from '../../types.ts';
import { defineCheck } from '../check.ts';
import { kindsOf, type MergedPipeline, makesPipeline } from '../pipeline.ts';

const name = 'duplicate pipelines';
const expected = 'one pipeline a push: that of its merge request, or that of its branch';
const { source, branch, openMergeRequests } = inRules;
const fix = `Write workflow:rules to .gitlab-ci.yml: if: $${source} == "merge_request_event"; then if: $${branch} && $${openMergeRequests} with when: never; then if: $${branch}. Of two pipelines GitLab asks that of the merge request alone, so a gate that is red in the other stops nothing.`;
const whereOpen = new RegExp(`(?<!! *)\\$${openMergeRequests}(?!\\s*==\\s*null)`);
const whereNone = new RegExp(`\\$${openMergeRequests}\\s*==\\s*null|!\\s*\\$${openMergeRequests}`);

export const check = defineCheck({
  id: 'duplicate-pipelines',
  topic: 'merge',
  about:
    'A push makes one pipeline: of two, GitLab asks the one of the merge request and lets the other be red. By the configuration, and by the newest hundred pipelines.',
  run: ({ project, pipeline, recent }) => [
    ofKnown(name, { pipeline, recent }, (known) => judge(project, known.pipeline, known.recent)),
  ],
});

function judge(project: Project, pipeline: MergedPipeline, recent: readonly Pipeline[]): CheckLine {
  if (project.ciSkipBranchPipelinesForMrs === true)
    return ok(name, 'GitLab skips those of branches with a merge request');
  if (makesOne(pipeline)) return ok(name, 'the configuration makes one a push');
  const twice = shasOfTwo(recent);
  if (twice.length > 0)
    return wrong(name, { expected, got: `two for ${few(twice.map((sha) => sha.slice(0, 8)))}`, fix });
  return makesTwo(pipeline)
    ? wrong(name, {
        expected,
        got: 'jobs for merge requests and jobs for branches, and no workflow:rules between them',
        fix,
      })
    : ok(name, 'none that the configuration or the newest pipelines show');
}

/** GitLab's own way: pipelines of merge requests, and of branches only without one. Source: docs.gitlab.com/ci/yaml/workflow */
function makesOne({ workflow, jobs }: MergedPipeline): boolean {
  if (workflow !== undefined) {
    const kinds = kindsOf({ rules: workflow });
    const skips = workflow.some(({ condition, when }) => when === 'never' && whereOpen.test(condition));
    const waits = workflow.some(({ condition, when }) => when !== 'never' && whereNone.test(condition));
    return skips || waits || !kinds.request || !kinds.branch;
  }
  return !jobs.some((job) => makesPipeline(job) && kindsOf(job).request);
}

/** Without anything between them a push to a branch with a merge request makes both. */
function makesTwo({ workflow, jobs }: MergedPipeline): boolean {
  const own = jobs.filter(makesPipeline);
  return (
    workflow === undefined &&
    own.some((job) => kindsOf(job).request) &&
    own.some((job) => kindsOf(job).branch)
  );
}

function shasOfTwo(recent: readonly Pipeline[]): readonly string[] {
  const of = (wanted: string) =>
    new Set(recent.filter(({ source }) => source === wanted).map(({ sha }) => sha));
  const pushed = of('push');
  return [...of('merge_request_event')].filter((sha) => pushed.has(sha));
}
