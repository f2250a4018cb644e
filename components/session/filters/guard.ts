import type { Message } from '../../models/types.ts';
import { wrapUntrusted } from '../untrusted.ts';
import { createFilter, type Filter, type Filtered, sumFound } from './filter.ts';
import type { Action, DataClass, FilterRule, Found } from './types.ts';

/** What a session's filters have seen since they were asked last. */
export interface Observed {
  readonly filtered: readonly Found[];
  readonly classes: readonly DataClass[];
}

type Redact = (text: string) => string;

/** Filters what goes to a model and what comes from it, and remembers what it found for the records of the session. */
export interface Guard {
  readonly filter: Filter;
  /**
   * A tool's result as a model gets it; one that is blocked is withheld, and the model told.
   * @param cut - shortens what has been filtered and redacted
   */
  readonly wrap: (
    result: { readonly text: string; readonly failed: boolean },
    source: string,
    redact: Redact,
    cut?: Redact,
  ) => { readonly text: string; readonly failed: boolean };
  /**
   * Cleans what every request says again.
   * @param isFirst - whether it is said for the first time, and counts
   */
  readonly input: (redact: Redact, isFirst: boolean) => Redact;
  readonly note: (seen: readonly Pick<Filtered, 'found' | 'classes'>[]) => void;
  readonly take: () => Observed;
}

export function createGuard(rules: readonly FilterRule[]): Guard {
  const filter = createFilter(rules);
  let seen: Pick<Filtered, 'found' | 'classes'>[] = [];
  /** Filtered before it is redacted, or a secret that this job knows would be noticed by nobody. */
  const clean = (text: string, redact: Redact, isFirst: boolean): Filtered => {
    const filtered = filter(text, 'input');
    const known = redact(filtered.text);
    const classes = known === filtered.text ? filtered.classes : [...filtered.classes, 'secret' as const];
    seen.push({ found: isFirst ? filtered.found : [], classes });
    return { ...filtered, text: known };
  };
  return {
    filter,
    wrap: ({ text, failed }, source, redact, cut = (each) => each) => {
      let blocked: readonly string[] = [];
      const wrapped = wrapUntrusted(text, source, (each) => {
        const filtered = clean(each, redact, true);
        blocked = filtered.blocked;
        return cut(filtered.text);
      });
      if (blocked.length === 0) return { text: wrapped, failed };
      return { text: `Withheld: it holds ${blocked.join(', ')}, which the manifest blocks.`, failed: true };
    },
    input: (redact, isFirst) => (text) => clean(text, redact, isFirst).text,
    note: (more) => seen.push(...more),
    take: () => {
      const taken = seen;
      seen = [];
      return {
        filtered: sumFound(taken.flatMap(({ found }) => found)),
        classes: [...new Set(taken.flatMap(({ classes }) => classes))].sort(),
      };
    },
  };
}

/** What a person has said goes to the model, too. */
export function filterPeople(messages: readonly Message[], input: Redact): readonly Message[] {
  return messages.map((message) =>
    message.role === 'user' ? { role: message.role, text: input(message.text) } : message,
  );
}

const done: Readonly<Record<Action, string>> = { block: 'blocked', redact: 'redacted', warn: 'let through' };

/** What was filtered, in a line; empty where nothing was. */
export function filteredInWords(filtered: readonly Found[]): string {
  return filtered
    .map(({ detector, action, way, count }) => `${count} ${detector} ${done[action]} (${way})`)
    .join(', ');
}
