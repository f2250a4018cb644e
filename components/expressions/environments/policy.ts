import { defineEnvironment } from '../environment.ts';
import { agentFacts } from './policy-agent.ts';
import { resourceFacts } from './policy-resource.ts';
import { places, sources, weekdays } from './policy-values.ts';

/** What conditions of policies are decided by. */
export const environment = defineEnvironment({
  id: 'policy',
  facts: [
    {
      name: 'action.name',
      type: 'string',
      suppliedBy: 'request',
      about:
        'What is wanted: `run` or `propose`; in a session `use_model`, `call_tool`, `delegate` or `resume`.',
      values: ['run', 'propose', 'use_model', 'call_tool', 'resume', 'delegate'],
    },
    ...agentFacts,
    ...resourceFacts,

    {
      name: 'context.place',
      type: 'string',
      suppliedBy: 'pipeline',
      about: 'Where it happens: `merge-request`, `trusted` or `branch`.',
      values: places,
    },
    {
      name: 'context.fork',
      type: 'bool',
      suppliedBy: 'merge request',
      about: 'Whether the source branch is in another project.',
    },
    {
      name: 'context.approvals',
      type: 'int',
      suppliedBy: 'merge request',
      about: 'People who approved the present head and neither wrote it nor started its pipeline.',
    },
    {
      name: 'context.changes_policies',
      type: 'bool',
      suppliedBy: 'merge request',
      about:
        'Whether the merge request changes files of policies; absent for the action run in the trusted project, and in sessions.',
    },
    {
      name: 'context.code_owners_approved',
      type: 'bool',
      suppliedBy: 'merge request',
      about:
        "Whether owners of all changed files, by the target branch's CODEOWNERS, approved the present head; true where none " +
        'has owners, absent where it cannot be known.',
    },
    {
      name: 'context.data_classes',
      type: 'list<string>',
      suppliedBy: 'operator',
      about:
        'Classes of data that a session may meet, as the input `data-classes` of run says; absent where nobody said.',
    },
    {
      name: 'context.date',
      type: 'string',
      suppliedBy: 'clock',
      about: 'Day in UTC, as `2026-12-24`; dates are in the order of their texts.',
    },
    {
      name: 'context.weekday',
      type: 'string',
      suppliedBy: 'clock',
      about: 'Day of the week in UTC, such as `monday`.',
      values: weekdays,
    },
    {
      name: 'context.hour',
      type: 'int',
      suppliedBy: 'clock',
      about: 'Hour in UTC, from 0 to 23.',
      values: Array.from({ length: 24 }, (_, hour) => hour),
    },

    {
      name: 'context.cost_usd',
      type: 'double',
      unit: 'USD',
      suppliedBy: 'ledger',
      about: 'Money the session has used so far; absent for the action run.',
    },
    {
      name: 'context.tokens',
      type: 'int',
      unit: 'tokens',
      suppliedBy: 'ledger',
      about: 'Tokens the session has used so far; absent for the action run.',
    },
    {
      name: 'context.iterations',
      type: 'int',
      suppliedBy: 'ledger',
      about: 'Turns of the model the session has had so far; absent for the action run.',
    },

    {
      name: 'context.confidence',
      type: 'double',
      suppliedBy: 'agent',
      about: 'What the agent reported last, from 0 to 1; absent where it reported none.',
    },
    {
      name: 'context.sources',
      type: 'list<string>',
      suppliedBy: 'session',
      about: 'Sources the session has read; the set only grows. Absent for the action run.',
      values: sources,
    },
    {
      name: 'context.proposals',
      type: 'int',
      suppliedBy: 'bundle',
      about: 'Proposals in the bundle, or so far in the session; absent for the action run.',
    },
  ],
});
