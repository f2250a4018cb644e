import { type DataPath, renderPath } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { listed, nearest } from '../../kernel/suggest.ts';
import type { RuleIssue } from '../rule.ts';

/** The names that are there, and what they are names of, as in `no state of this flow`. */
export interface KnownNames {
  readonly names: readonly string[];
  readonly noun: string;
}

// A suggestion compares with every name, and a manifest may hold thousands of both.
const mostSuggestions = 50;
const mostCompared = 2_000;

/**
 * Makes the reader of references to names that must be there; a reader serves one document, for the first mistakes of
 * which it suggests the nearest name.
 */
export function createMissing({
  names,
  noun,
}: KnownNames): (path: DataPath, name: string) => readonly RuleIssue[] {
  const known = new Set(names);
  const compared = [...known].slice(0, mostCompared);
  const expected = known.size === 0 ? undefined : `one of: ${listed(compared)}`;
  let suggestions = 0;
  return (path, name) => {
    if (known.has(name)) return [];
    suggestions += 1;
    const near = suggestions > mostSuggestions ? undefined : nearest(name, compared);
    return [
      {
        path,
        message: `${renderPath(path)} is ${quote(name)}, which is no ${noun}`,
        ...(expected === undefined ? {} : { expected }),
        got: quote(name),
        ...(near === undefined ? {} : { suggestion: near }),
      },
    ];
  };
}
