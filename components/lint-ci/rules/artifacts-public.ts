import { callingJobs } from '../reach.ts';
import { fieldOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'artifacts-public',
  severity: 'warning',
  about:
    'A job with an agent opens its artifacts to everybody who sees the pipelines (`access: all`, `public: true`). What an agent leaves, transcripts and records ' +
    'of its session above all, holds what it has read.',
  bad: `review:
  script:
    - claude -p "Review the working tree" --output-format json > session.json
  artifacts:
    access: all
    paths: [session.json]
`,
  good: `review:
  script:
    - claude -p "Review the working tree" --output-format json > session.json
  artifacts:
    access: developer
    paths: [session.json]
`,
  check: (pipeline) =>
    callingJobs(pipeline).flatMap((job) => {
      const artifacts = fieldOf(job.node, 'artifacts');
      const open = [fieldOf(artifacts, 'access'), fieldOf(artifacts, 'public')].find(
        (one) => one?.value === 'all' || one?.value === true,
      );
      if (open === undefined) return [];
      return [
        {
          node: open,
          message: `${job.name} shows what ${job.agents[0]?.name} leaves to everybody`,
          expected: 'access: developer',
          fix: 'Write access: developer, and hand on by another job what is for all.',
        },
      ];
    }),
});
