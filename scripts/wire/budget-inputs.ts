import type { InputDeclarations } from '../../components/kernel/input-types.ts';

const usd = /([0-9]{1,6}([.][0-9]{1,6})?)?/;

/** What a session may spend. Each decides what runs, so none is taken from a variable. */
export const budgetInputs = {
  budget: {
    type: 'string',
    description: 'USD a session may spend in all its jobs, such as 0.50 (in quotes); empty sets no limit',
    pattern: usd,
    default: '',
    security: true,
  },
  'budget-day': {
    type: 'string',
    description:
      'USD all sessions of this project may spend in a day of UTC (in quotes); empty sets no limit. It needs a PostgreSQL, as do budgets of a day of the manifest',
    pattern: usd,
    default: '',
    security: true,
  },
  enforcement: {
    type: 'string',
    description:
      'What becomes of budgets of a day where no PostgreSQL counts them: hard refuses to run; best-effort holds each session alone to them, and says what that may come to',
    options: ['hard', 'best-effort'],
    default: 'hard',
    security: true,
  },
  prices: {
    type: 'string',
    description: 'File of prices that count before the list prices of ours, relative to the repository',
    default: '',
    security: true,
  },
} as const satisfies InputDeclarations;

export interface BudgetInputs {
  readonly budget: string;
  readonly 'budget-day': string;
  readonly enforcement: 'hard' | 'best-effort';
  readonly prices: string;
  readonly 'postgres-url': string | undefined;
}
