import { valueAt } from '../../kernel/place.ts';
import { itemsAt, type Placed, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';
import type { Data } from '../types.ts';

const signalsPath = ['spec', 'completion', 'signals'];

export const rule = defineRule({
  id: 'signal-shadowed',
  severity: 'warning',
  about:
    'Completion signals are tried from the highest priority down. A signal below one that always fires, or below ' +
    'one with the same condition, can never be raised. One without a condition is raised by the agent itself.',
  check: ({ data }) => {
    const tried = itemsAt(data, signalsPath).toSorted((a, b) => priorityOf(b.value) - priorityOf(a.value));
    const first = new Map<string, Placed<Data>>();
    let always: Placed<Data> | undefined;
    return tried.flatMap((signal) => {
      const condition = conditionOf(signal.value);
      const above = always ?? (condition === undefined ? undefined : first.get(condition));
      if (above === undefined) {
        if (condition !== undefined) first.set(condition, signal);
        if (alwaysFires(signal.value)) always = signal;
        return [];
      }
      const why = above === always ? 'always fires' : 'has the same condition';
      return [
        {
          path: [...signal.path, 'signal'],
          message: `signal ${nameOf(signal)} can never be raised: ${nameOf(above)} is tried first and ${why}`,
          fix: 'Give it a higher priority or another condition, or remove it.',
        },
      ];
    });
  },
});

function alwaysFires(signal: Data): boolean {
  return valueAt(signal, ['condition']) === true || conditionOf(signal) === 'true';
}

/** The condition without white space outside of quotes, so that layout makes no difference. */
function conditionOf(signal: Data): string | undefined {
  return textAt(signal, ['condition'])?.replace(
    /("[^"]*"|'[^']*')|\s+/g,
    (_, quoted?: string) => quoted ?? '',
  );
}

function priorityOf(signal: Data): number {
  const priority = valueAt(signal, ['priority']);
  return typeof priority === 'number' ? priority : 0;
}

function nameOf(signal: Placed<Data>): string {
  return `"${textAt(signal.value, ['signal']) ?? '?'}" (priority ${priorityOf(signal.value)})`;
}
