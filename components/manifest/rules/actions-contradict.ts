import { renderPath } from '../../kernel/place.ts';
import { textsAt } from '../duties/access.ts';
import type { Placed } from '../read-data.ts';
import { defineRule } from '../rule.ts';

const guardrails = ['spec', 'safety', 'guardrails'];
const allowedLists = [
  ['spec', 'autonomy', 'allowed_actions'],
  ['spec', 'access', 'permissions'],
  [...guardrails, 'allowed_actions'],
];
const blockedLists = [
  ['spec', 'autonomy', 'blocked_actions'],
  ['spec', 'access', 'prohibited'],
  ['spec', 'separation', 'prohibited_actions'],
  [...guardrails, 'blocked_actions'],
  [...guardrails, 'prohibited_actions'],
];

/** Longer ones are no names of actions; the limit keeps the search for prefixes short. */
const longestAction = 256;

export const rule = defineRule({
  id: 'actions-contradict',
  severity: 'error',
  about:
    'An action is allowed in one list and blocked in another, by name or by a pattern that ends in `*`. What is ' +
    'blocked stays blocked, so the allowance has no effect. A wide allowance with narrower blocks is no contradiction.',
  check: ({ data }) => {
    const blocked = new Map<string, Placed<string>>();
    for (const item of blockedLists.flatMap((path) => textsAt(data, path))) {
      const action = normalised(item.value);
      if (action !== '' && !blocked.has(action)) blocked.set(action, item);
    }
    if (blocked.size === 0) return [];
    const lengths = patternLengths(blocked);
    return allowedLists
      .flatMap((path) => textsAt(data, path))
      .flatMap(({ path, value }) => {
        const block = blockOf(normalised(value), blocked, lengths);
        if (block === undefined) return [];
        const how = normalised(block.value) === normalised(value) ? '' : ` as "${block.value}"`;
        return [
          {
            path,
            message: `"${value}" is allowed here, and blocked at ${renderPath(block.path)}${how}`,
            got: value,
            fix: 'Remove it from one of the two lists.',
          },
        ];
      });
  },
});

/** `delete-files` and `Delete_Files` are one action. */
function normalised(action: string): string {
  return action.trim().toLowerCase().replace(/[- ]/g, '_');
}

/** How long the fixed parts of the patterns are; not `*` alone: who blocks everything and allows a list means the list. */
function patternLengths(blocked: ReadonlyMap<string, unknown>): readonly number[] {
  const patterns = [...blocked.keys()].filter((action) => action.endsWith('*'));
  const lengths = new Set(patterns.map((pattern) => pattern.length - 1));
  return [...lengths].filter((length) => length > 0 && length <= longestAction);
}

function blockOf(
  action: string,
  blocked: ReadonlyMap<string, Placed<string>>,
  lengths: readonly number[],
): Placed<string> | undefined {
  const exact = blocked.get(action);
  if (exact !== undefined || action.length > longestAction) return exact;
  const covering = lengths.find(
    (length) => length <= action.length && blocked.has(`${action.slice(0, length)}*`),
  );
  return covering === undefined ? undefined : blocked.get(`${action.slice(0, covering)}*`);
}
