import { effectJobs } from '../reach.ts';
import { fieldOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'effects-interruptible',
  severity: 'warning',
  about:
    'A job writes or deploys what an agent has made and is `interruptible`: the next push ends it in the middle, and what is half done stays so.',
  bad: `propose:
  script:
    - codex exec "Write the release notes" > notes.md
publish:
  needs: [propose]
  environment: production
  resource_group: production
  interruptible: true
  script:
    - ./publish.sh notes.md
`,
  good: `propose:
  interruptible: true
  script:
    - codex exec "Write the release notes" > notes.md
publish:
  needs: [propose]
  environment: production
  resource_group: production
  script:
    - ./publish.sh notes.md
`,
  check: (pipeline) =>
    effectJobs(pipeline).flatMap(({ name, node }) => {
      const interruptible = fieldOf(node, 'interruptible');
      if (interruptible?.value !== true) return [];
      return [
        {
          node: interruptible,
          message: `${name} does what an agent said, and the next push ends it in the middle`,
          fix: 'Write interruptible: false to this job.',
        },
      ];
    }),
});
