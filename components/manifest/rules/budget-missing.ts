import { valueAt } from '../../kernel/place.ts';
import { isData } from '../read-data.ts';
import { defineRule } from '../rule.ts';

/** The limits that policies count as a budget (`agent.has_budget`). */
const limits = ['maxTokensPerDay', 'maxTokensPerRequest', 'maxCostPerDay'];

export const rule = defineRule({
  id: 'budget-missing',
  severity: 'warning',
  about:
    'An agent that names a model has no limit of tokens or cost in `spec.constraints.cost`. One that goes in circles ' +
    'ends at the limit of its provider, and the policy `budget-present` of ours does not let it run.',
  check: ({ data, kind }) => {
    const llm = ['spec', 'llm'];
    if (kind !== 'Agent' || !isData(valueAt(data, llm))) return [];
    const cost = ['spec', 'constraints', 'cost'];
    if (limits.some((limit) => isLimit(valueAt(data, [...cost, limit])))) return [];
    const hasCost = isData(valueAt(data, cost));
    return [
      {
        path: hasCost ? cost : llm,
        target: 'key',
        message: `the model of this agent has no budget: spec.constraints.cost ${hasCost ? 'sets no limit' : 'is missing'}`,
        expected: `one of: ${limits.join(', ')}`,
        fix: 'Write maxTokensPerDay or maxCostPerDay to spec.constraints.cost.',
      },
    ];
  },
});

/** What is written as a variable is a limit, though not known here; 0 and less are none. */
function isLimit(value: unknown): boolean {
  return typeof value === 'number' ? value > 0 : typeof value === 'string' && value.includes('${');
}
