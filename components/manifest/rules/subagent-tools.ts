import { valueAt } from '../../kernel/place.ts';
import { textsAt } from '../duties/access.ts';
import { itemsAt, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'subagent-tools',
  severity: 'warning',
  about:
    'A subagent names a tool that its agent has not. It is a part of that agent and has a part of its tools, so it ' +
    'goes without this one.',
  check: ({ data }) => {
    const known = namesOf(data);
    if (known === undefined) return [];
    return itemsAt(data, ['spec', 'subagents']).flatMap(({ path }) =>
      textsAt(data, [...path, 'tools'])
        .filter(({ value }) => !isKnown(spelled(value), known))
        .map(({ path: place, value }) => ({
          path: place,
          message: `the subagent names the tool "${value}", which its agent has not`,
          got: value,
          fix: 'Add the tool to spec.tools, or take it away here.',
        })),
    );
  },
});

/** Undefined where the agent may have others: a tool without a name may be called by any. */
function namesOf(data: unknown): readonly string[] | undefined {
  const declared = valueAt(data, ['spec', 'tools']) ?? [];
  const names = itemsAt(data, ['spec', 'tools']).flatMap(
    ({ value }) => textAt(value, ['server']) ?? textAt(value, ['name']) ?? [],
  );
  return Array.isArray(declared) && declared.length === names.length ? names.map(spelled) : undefined;
}

/** Tools of a server have its name before theirs. */
function isKnown(name: string, known: readonly string[]): boolean {
  return known.some((one) => name === one || name.startsWith(`${one}__`));
}

function spelled(name: string): string {
  return name.replaceAll('-', '_');
}
