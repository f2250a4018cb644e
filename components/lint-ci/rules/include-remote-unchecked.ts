import { fieldOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'include-remote-unchecked',
  severity: 'error',
  about:
    'A file is included from a URL without `integrity`: whoever answers there, or on the way, writes the jobs of this project. GitLab compares the ' +
    'digest where one is given.',
  bad: `include:
  - remote: https://ci.example.com/agents.yml
`,
  good: `include:
  - remote: https://ci.example.com/agents.yml
    integrity: sha256-L3/GAoKaw0Arw6hDCKeKQlV1QPEgHYxGBHsH4zG1IY8=
`,
  check: ({ includes }) =>
    includes
      .filter(({ kind, node }) => kind === 'remote' && fieldOf(node, 'integrity') === undefined)
      .map(({ named, target }) => ({
        node: named,
        message: `${target} is included, whatever it holds that day`,
        expected: 'integrity: sha256-<digest in base64>',
        fix: 'Add integrity, or copy the file into this repository.',
      })),
});
