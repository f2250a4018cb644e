import { renderPath } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { type Placed, textAt } from '../read-data.ts';
import type { RuleIssue } from '../rule.ts';
import type { Data } from '../types.ts';

/** What is said about each item whose name an earlier one has; `noun` says what they are. */
export function declaredTwice(
  items: readonly Placed<Data>[],
  field: string,
  noun: string,
): readonly RuleIssue[] {
  const first = new Map<string, Placed<Data>>();
  return items.flatMap((item) => {
    const name = textAt(item.value, [field]);
    if (name === undefined) return [];
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, item);
      return [];
    }
    return [
      {
        path: [...item.path, field],
        message: `the ${noun} ${quote(name)} is declared already at ${renderPath(earlier.path)}`,
        got: quote(name),
        fix: 'Give it another name, or merge the two.',
      },
    ];
  });
}
