import { writeTokensOf } from '../reach.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'write-token-with-agent',
  severity: 'error',
  about:
    'A job runs an agent that acts by itself and holds a token that writes to GitLab, or pushes. Whatever steers the agent, a comment in the code it reads ' +
    'will do, writes with it. An agent proposes; another job, which it cannot reach, decides and writes.',
  bad: `fix:
  variables:
    GITLAB_TOKEN: $BOT_TOKEN
  script:
    - claude -p "Fix the lint errors" --allowedTools Read,Edit
    - glab mr create --fill
`,
  good: `fix:
  script:
    - claude -p "Fix the lint errors" --allowedTools Read,Edit
    - git diff > fix.patch
  artifacts:
    paths: [fix.patch]
`,
  check: ({ jobs }) =>
    jobs
      .filter(({ agents }) => agents.some(({ tools, call }) => tools && call !== undefined))
      .flatMap((job) =>
        writeTokensOf(job).map(({ name, ...place }) => ({
          ...place,
          message: `${job.name} runs ${job.agents[0]?.name} and has ${name}`,
          fix: 'Let the job hand on what it made as an artifact, and another one, on a protected ref, check it and write.',
        })),
      ),
});
