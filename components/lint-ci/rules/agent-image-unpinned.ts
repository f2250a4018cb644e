import { callingJobs } from '../reach.ts';
import { fieldOf, textOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';

// The grammar of github.com/distribution/reference: host and port, path, tag, digest.
const reference =
  /^(?:[A-Za-z0-9.-]{1,253}(?::\d{1,5})?\/)?[a-z0-9][a-z0-9._/-]{0,254}(?::[\w][\w.-]{0,127})?(@[a-z0-9+._-]{1,32}:[0-9a-f]{32,128})?$/;

export const rule = defineRule({
  id: 'agent-image-unpinned',
  severity: 'warning',
  about:
    'The image of a job with an agent has no digest, so the next pipeline may run another agent than the one that was tried, with whatever the job holds. ' +
    'Images with a variable in their name are left out.',
  bad: `review:
  image: node:latest
  script:
    - npx @openai/codex exec "Review the working tree"
`,
  good: `review:
  image: node:24@sha256:7e4c2a1b9f0d3e5c6a8b7d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c
  script:
    - npx @openai/codex exec "Review the working tree"
`,
  check: (pipeline) =>
    callingJobs(pipeline).flatMap((job) => {
      const image = fieldOf(job.node, 'image');
      const node = fieldOf(image, 'name') ?? image;
      const name = textOf(node);
      if (node === undefined || name === undefined || name.length > 512) return [];
      const found = reference.exec(name);
      if (found === null || found[1] !== undefined) return [];
      return [
        {
          node,
          message: `${job.name} runs ${job.agents[0]?.name} in an image that may change`,
          got: name,
          expected: 'name:tag@sha256:…',
          fix: 'Add the digest that the tag has today.',
        },
      ];
    }),
});
