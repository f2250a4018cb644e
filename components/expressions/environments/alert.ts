import { defineEnvironment } from '../environment.ts';

/** What the alerts of a report are decided by: one agent over one window of time. */
export const environment = defineEnvironment({
  id: 'alert',
  facts: [
    {
      name: 'primary_metric',
      type: 'double',
      suppliedBy: 'records',
      about:
        'Mean of the primary measure of effectiveness in the window; absent where no session reported one.',
    },
    {
      name: 'target',
      type: 'double',
      suppliedBy: 'manifest',
      about: 'Target of the primary measure of effectiveness; absent where the manifest has none.',
    },
    {
      name: 'cost_usd',
      type: 'double',
      unit: 'USD',
      suppliedBy: 'records',
      about: 'Money all sessions of the window have used.',
    },
    {
      name: 'tokens_used',
      type: 'int',
      unit: 'tokens',
      suppliedBy: 'records',
      about: 'Tokens all sessions of the window have used.',
    },
    {
      name: 'sessions',
      type: 'int',
      suppliedBy: 'records',
      about: 'Sessions that ended in the window.',
    },
    {
      name: 'failed_sessions',
      type: 'int',
      suppliedBy: 'records',
      about: 'Those of them that did not end with the signal complete.',
    },
    {
      name: 'success_rate',
      type: 'double',
      suppliedBy: 'records',
      about:
        'Share of the sessions that ended with complete, from 0 to 1; absent where there was no session.',
    },
    {
      name: 'window_hours',
      type: 'int',
      unit: 'h',
      suppliedBy: 'report',
      about: 'Length of the window.',
    },
  ],
});
