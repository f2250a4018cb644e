import { effectJobs } from '../reach.ts';
import { fieldOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'resource-group-missing',
  severity: 'warning',
  about:
    'A job writes or deploys what an agent has made and has no `resource_group`: two pipelines do it at one time, each from what it saw before the other. ' +
    'One group a target lets them do it one after the other.',
  bad: `propose:
  script:
    - codex exec "Write the release notes" > notes.md
publish:
  needs: [propose]
  environment: production
  script:
    - ./publish.sh notes.md
`,
  good: `propose:
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
    effectJobs(pipeline)
      .filter(({ node }) => fieldOf(node, 'resource_group') === undefined)
      .map(({ name, own }) => ({
        ...{ node: own, target: 'key' as const },
        message: `${name} does what an agent said, and several pipelines may do so at one time`,
        expected: 'resource_group',
        fix: 'Add resource_group with the name of what it changes.',
      })),
});
