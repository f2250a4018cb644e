import { callingJobs, deploys, follows } from '../reach.ts';
import { fieldOf, listOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';
import type { Node } from '../types.ts';

export const rule = defineRule({
  id: 'deploy-after-agent',
  severity: 'error',
  about:
    'A job deploys after an agent with `when: always`: also where the agent has failed, or a check between the two has.',
  bad: `write:
  stage: build
  script:
    - codex exec "Update the configuration"
deploy:
  stage: deploy
  environment: production
  when: always
  script:
    - ./deploy.sh
`,
  good: `write:
  stage: build
  script:
    - codex exec "Update the configuration"
deploy:
  stage: deploy
  environment: production
  when: manual
  script:
    - ./deploy.sh
`,
  check: (pipeline) => {
    const callers = callingJobs(pipeline);
    return pipeline.jobs
      .filter((job) => deploys(job) && callers.some((caller) => follows(pipeline, job, caller)))
      .flatMap((job) => {
        const always = alwaysOf(job.node);
        if (always === undefined) return [];
        return [
          {
            node: always,
            message: `${job.name} deploys after an agent, whether it failed or not`,
            expected: 'when: on_success or manual',
            fix: 'Remove when: always.',
          },
        ];
      });
  },
});

function alwaysOf(job: Node): Node | undefined {
  return [job, ...listOf(fieldOf(job, 'rules'))]
    .map((one) => fieldOf(one, 'when'))
    .find((when) => when?.value === 'always');
}
