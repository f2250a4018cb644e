import { fieldOf, textOf } from '../read/node.ts';
import { defineRule, type Issue } from '../rule.ts';
import type { Node } from '../types.ts';

const inserted = /\$\[\[\s*inputs\.([A-Za-z0-9_-]{1,255})/g;
/** Forms that any text has. */
const anything = /^\^?\(?(?:\.|\[\\s\\S\]|\[\^\]|)[*+]?\)?\$?$/;

export const rule = defineRule({
  id: 'input-in-script',
  severity: 'error',
  about:
    'An input of free text is spliced into a script. GitLab puts it in as text before a shell reads it, so quotes around it guard nothing: whoever ' +
    'starts the pipeline or includes the file writes the script. A guard is `options`, a `regex` that allows no quotes and no `$`, or the type number or boolean.',
  bad: `spec:
  inputs:
    target:
      default: staging
---
deploy:
  script:
    - ./deploy.sh "$[[ inputs.target ]]"
`,
  good: `spec:
  inputs:
    target:
      default: staging
      options: [staging, production]
---
deploy:
  script:
    - ./deploy.sh "$[[ inputs.target ]]"
`,
  check: ({ jobs, header, main }) => {
    const inputs = fieldOf(header, 'spec', 'inputs')?.fields;
    if (inputs === undefined) return [];
    const free = new Set([...inputs].flatMap(([name, input]) => (isGuarded(input) ? [] : [name])));
    const scripts = jobs.flatMap((job) =>
      job.scripts.filter(({ at }) => at.source === main).map((node) => ({ job, node })),
    );
    return scripts.flatMap(({ job, node }): Issue[] =>
      [...(textOf(node) ?? '').matchAll(inserted)].flatMap(({ 0: text, 1: name = '', index }) => {
        if (!free.has(name)) return [];
        const message = `${job.name}: the input ${name} is free text and part of a script`;
        return [
          {
            node,
            piece: { node, offset: index, text },
            message,
            fix: `Guard the input ${name} with options or a regex, or pass it as a variable with expand: false.`,
          },
        ];
      }),
    );
  },
});

function isGuarded(input: Node): boolean {
  const type = textOf(fieldOf(input, 'type')) ?? 'string';
  if (type === 'number' || type === 'boolean') return true;
  // `rules` give an input its options by conditions.
  if (fieldOf(input, 'options') !== undefined || fieldOf(input, 'rules') !== undefined) return true;
  const regex = textOf(fieldOf(input, 'regex'))?.replace(/^\/(.*)\/$/, '$1');
  return regex !== undefined && !anything.test(regex);
}
