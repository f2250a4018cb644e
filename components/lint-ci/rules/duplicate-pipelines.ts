import { fieldOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'duplicate-pipelines',
  severity: 'warning',
  about:
    'The rules of a job with an agent hold for a branch and for its merge request, and no `workflow` decides between the two: each push runs and pays the ' +
    'agent twice. A gate in one of the two pipelines may be passed by the other.',
  bad: `review:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH
  script:
    - codex exec --sandbox read-only "Review the working tree"
`,
  good: `workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS
      when: never
    - if: $CI_COMMIT_BRANCH
review:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH
  script:
    - codex exec --sandbox read-only "Review the working tree"
`,
  check: ({ jobs }) =>
    jobs
      .filter(
        ({ agents, inMergeRequests, inBranch }) => agents.length > 0 && inMergeRequests && inBranch === 'yes',
      )
      .map(({ name, node, own }) => ({
        ...{ node: fieldOf(node, 'rules') ?? fieldOf(node, 'only') ?? own, target: 'key' as const },
        message: `${name} runs for a branch and for its merge request, at each push`,
        fix: 'Decide in workflow: rules which pipelines there are, as docs.gitlab.com/ci/yaml/workflow shows.',
      })),
});
