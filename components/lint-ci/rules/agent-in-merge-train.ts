import { evaluate } from '../conditions/evaluate.ts';
import { parseCondition } from '../conditions/parse.ts';
import { eventType, mergeRequestFacts } from '../names/gitlab.ts';
import { fieldOf, listOf, textOf } from '../read/node.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'agent-in-merge-train',
  severity: 'warning',
  about:
    'A rule starts an agent in merge trains. A train waits for each of its pipelines, so a slow or failing agent holds up everybody behind it, and what it says ' +
    'comes after the decision to merge.',
  bad: `review:
  rules:
    - if: $CI_MERGE_REQUEST_EVENT_TYPE == "merge_train"
  script:
    - claude -p "Review the working tree"
`,
  good: `review:
  rules:
    - if: $CI_MERGE_REQUEST_EVENT_TYPE == "merge_train"
      when: never
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - claude -p "Review the working tree"
`,
  check: ({ jobs }) =>
    jobs
      .filter(({ agents }) => agents.length > 0)
      .flatMap((job) =>
        listOf(fieldOf(job.node, 'rules')).flatMap((one) => {
          const condition = fieldOf(one, 'if');
          const text = textOf(condition);
          if (condition === undefined || text === undefined || textOf(fieldOf(one, 'when')) === 'never')
            return [];
          if (!isOfTrains(text)) return [];
          return [
            {
              node: condition,
              message: `${job.name} runs ${job.agents[0]?.name} in merge trains`,
              fix: 'Let it run when the merge request changes, and leave merge trains to tests.',
            },
          ];
        }),
      ),
});

/** Whether a condition may hold in a merge train, and in no other pipeline of a merge request. */
function isOfTrains(text: string): boolean {
  const condition = parseCondition(text);
  const inEvent = (event: string) => evaluate(condition, { ...mergeRequestFacts, [eventType]: event });
  return (
    inEvent('merge_train') !== false && inEvent('detached') === false && inEvent('merged_result') === false
  );
}
