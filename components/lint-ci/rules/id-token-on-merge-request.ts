import { fieldOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'id-token-on-merge-request',
  severity: 'warning',
  about:
    'A job with an agent runs in pipelines of merge requests and is given an OpenID Connect token. What accepts the token must not take the word of the ' +
    'audience alone: it has to ask for claims such as `ref_protected`, or the agent and the author of the merge request get what it guards.',
  bad: `review:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  id_tokens:
    CLOUD_TOKEN:
      aud: https://sts.example.com
  script:
    - gemini -p "Review the working tree"
`,
  good: `review:
  rules:
    - if: $CI_COMMIT_REF_PROTECTED == "true"
  id_tokens:
    CLOUD_TOKEN:
      aud: https://sts.example.com
  script:
    - gemini -p "Review the working tree"
`,
  check: ({ jobs }) =>
    jobs
      .filter(({ agents, inMergeRequests }) => agents.length > 0 && inMergeRequests)
      .flatMap((job) =>
        [...(fieldOf(job.node, 'id_tokens')?.fields ?? [])].map(([name, node]) => ({
          ...{ node, target: 'key' as const },
          message: `${job.name} runs ${job.agents[0]?.name} for merge requests and is given the token ${name}`,
          fix: 'Give it on protected refs only; or let what accepts it ask for more than the audience, and waive this with that reason.',
        })),
      ),
});
