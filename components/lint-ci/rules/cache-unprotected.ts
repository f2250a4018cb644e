import { fieldOf, listOf, textOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'cache-unprotected',
  severity: 'error',
  about:
    'A job with an agent runs in pipelines of merge requests and writes a cache that protected refs read too (`unprotect: true`). What the agent or the author ' +
    'leaves in it is run later with the secrets of those. GitLab keeps the two apart unless told otherwise.',
  bad: `review:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  cache:
    key: npm
    paths: [.npm/]
    unprotect: true
  script:
    - codex exec --sandbox read-only "Review the working tree"
`,
  good: `review:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  cache:
    key: npm
    paths: [.npm/]
    unprotect: true
    policy: pull
  script:
    - codex exec --sandbox read-only "Review the working tree"
`,
  check: ({ jobs }) =>
    jobs
      .filter(({ agents, inMergeRequests }) => agents.length > 0 && inMergeRequests)
      .flatMap((job) =>
        listOf(fieldOf(job.node, 'cache')).flatMap((cache) => {
          const unprotect = fieldOf(cache, 'unprotect');
          if (unprotect?.value !== true || textOf(fieldOf(cache, 'policy')) === 'pull') return [];
          return [
            {
              node: unprotect,
              message: `${job.name} runs ${job.agents[0]?.name} for merge requests, and protected refs read the cache it writes`,
              fix: 'Remove unprotect, or let the job only read: policy: pull.',
            },
          ];
        }),
      ),
});
