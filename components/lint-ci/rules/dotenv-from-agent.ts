import { deploys, secretsOf, takesArtifacts, writesToGitLab } from '../reach.ts';
import { fieldOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';
import type { Job } from '../types.ts';

export const rule = defineRule({
  id: 'dotenv-from-agent',
  severity: 'error',
  about:
    'A job with an agent hands on variables (`reports: dotenv`) to a job that has secrets or deploys. A variable may change what a program does (`PATH`, ' +
    '`NODE_OPTIONS`, `GIT_SSH_COMMAND`), so the agent runs what it likes with those secrets.',
  bad: `plan:
  stage: build
  script:
    - gemini -p "Write VERSION=<next version> to plan.env"
  artifacts:
    reports:
      dotenv: plan.env
release:
  stage: deploy
  script:
    - ./release.sh --token "$RELEASE_TOKEN"
`,
  good: `plan:
  stage: build
  script:
    - gemini -p "Write the next version to plan.txt"
  artifacts:
    paths: [plan.txt]
release:
  stage: deploy
  script:
    - version=$(grep -E '^[0-9.]+$' plan.txt)
    - ./release.sh --token "$RELEASE_TOKEN" "$version"
`,
  check: (pipeline) =>
    pipeline.jobs
      .filter(({ agents }) => agents.length > 0)
      .flatMap((job) => {
        const dotenv = fieldOf(job.node, 'artifacts', 'reports', 'dotenv');
        const taker =
          dotenv &&
          pipeline.jobs.find(
            (other) => other !== job && holdsSomething(other) && takesArtifacts(pipeline, other, job),
          );
        if (dotenv === undefined || taker === undefined) return [];
        return [
          {
            node: dotenv,
            message: `${job.name} runs ${job.agents[0]?.name}, and its variables reach ${taker.name}, which has secrets or deploys`,
            fix: `Hand on a file and check what is in it; or write dependencies: [] to ${taker.name}.`,
          },
        ];
      }),
});

function holdsSomething(job: Job): boolean {
  return (
    secretsOf(job).length > 0 ||
    deploys(job) ||
    job.commands.some(writesToGitLab) ||
    (fieldOf(job.node, 'id_tokens')?.fields?.size ?? 0) > 0
  );
}
