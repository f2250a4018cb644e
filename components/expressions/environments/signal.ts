import { defineEnvironment } from '../environment.ts';

/** What completion signals of an agent are decided by, once per iteration. */
export const environment = defineEnvironment({
  id: 'signal',
  facts: [
    {
      name: 'iteration_count',
      type: 'int',
      suppliedBy: 'session',
      about: 'Iterations that were finished in this session, over all its jobs.',
    },
    {
      name: 'max_iterations',
      type: 'int',
      suppliedBy: 'manifest',
      about: 'Iterations the session may have; the default where the manifest says nothing.',
    },
    {
      name: 'confidence',
      type: 'double',
      suppliedBy: 'agent',
      about: 'What the agent reported last, from 0 to 1; absent until it reported one.',
    },
    {
      name: 'error_count',
      type: 'int',
      suppliedBy: 'session',
      about: 'Calls of models and tools that failed in this session.',
    },
    {
      name: 'tokens_used',
      type: 'int',
      unit: 'tokens',
      suppliedBy: 'ledger',
      about: 'Tokens the session has used or has reserved and not settled.',
    },
    {
      name: 'cost_usd',
      type: 'double',
      unit: 'USD',
      suppliedBy: 'ledger',
      about: 'Money the session has used, to read only: budgets are kept elsewhere, and exactly.',
    },
    {
      name: 'elapsed_seconds',
      type: 'double',
      unit: 's',
      suppliedBy: 'session',
      about: 'Time the session has run, the time between its jobs left out.',
    },
    {
      name: 'proposal_count',
      type: 'int',
      suppliedBy: 'session',
      about: 'Proposals the agent has made in this session.',
    },
    {
      name: 'primary_metric',
      type: 'double',
      suppliedBy: 'agent',
      about: 'Last value of the primary measure of effectiveness; absent until one was reported.',
    },
    {
      name: 'target',
      type: 'double',
      suppliedBy: 'manifest',
      about: 'Target of the primary measure of effectiveness; absent where the manifest has none.',
    },
  ],
});
