import { traces } from '../names/gitlab.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'debug-trace',
  severity: 'error',
  about:
    'A job with an agent is traced (`CI_DEBUG_TRACE`, `CI_DEBUG_SERVICES`): its log shows every variable it has, keys of models among them, and what the agent was told.',
  bad: `review:
  variables:
    CI_DEBUG_TRACE: "true"
  script:
    - claude -p "Review the working tree"
`,
  good: `review:
  variables:
    CI_DEBUG_TRACE: "false"
  script:
    - claude -p "Review the working tree"
`,
  check: ({ jobs }) =>
    jobs
      .filter(({ agents }) => agents.length > 0)
      .flatMap((job) =>
        [...job.variables].flatMap(([name, node]) => {
          const value = node.fields === undefined ? node.value : node.fields.get('value')?.value;
          if (!traces.has(name) || !/^(?:true|1)$/i.test(String(value))) return [];
          return [
            {
              node,
              target: 'key' as const,
              message: `${job.name} runs ${job.agents[0]?.name}, and ${name} shows all it has in its log`,
              fix: 'Remove it; who may, sets it for one pipeline by hand.',
            },
          ];
        }),
      ),
});
