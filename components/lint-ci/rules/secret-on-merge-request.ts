import { modelKeys } from '../names/secrets.ts';
import { secretsOf } from '../reach.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'secret-on-merge-request',
  severity: 'error',
  about:
    'A job with an agent runs in pipelines of merge requests and has a key or a token. The author of a merge request can change the job, and who writes ' +
    'into its text or its code can steer the agent: both can read whatever the job can.',
  bad: `review:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    ANTHROPIC_API_KEY: $REVIEW_KEY
  script:
    - claude -p "Review the working tree"
`,
  good: `review:
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_COMMIT_REF_PROTECTED == "true"
  variables:
    ANTHROPIC_API_KEY: $REVIEW_KEY
  script:
    - claude -p "Review the working tree"
`,
  check: ({ jobs }) =>
    jobs
      .filter(({ agents, inMergeRequests }) => agents.length > 0 && inMergeRequests)
      .flatMap((job) =>
        secretsOf(job).map(({ name, ...place }) => ({
          ...place,
          message: `${job.name} runs ${job.agents[0]?.name} for merge requests and has ${modelKeys.has(name) ? 'the key' : 'the secret'} ${name}`,
          fix: 'Run it on a protected ref or in a project that authors cannot change; or give it a key of a gateway whose loss is bearable, and waive this with that reason.',
        })),
      ),
});
