import { listed, nearest } from '../kernel/suggest.ts';
import type { FactTable } from './environment.ts';
import type { Node, NodeOf } from './tree.ts';
import type { ExpressionIssue, Fact } from './types.ts';

/** What a path in an expression means: a fact, or nothing, and why. */
export type Named =
  | { readonly fact: Fact; readonly issue?: ExpressionIssue }
  | { readonly fact?: undefined; readonly issue: ExpressionIssue };

type Path = readonly [string, ...string[]];

/** Finds the fact that a path begins with; `node` is the node of the whole path. */
export function nameFact(node: NodeOf<'id' | '.'>, path: Path, table: FactTable): Named {
  const words = table.groups.has(path[0]) ? 2 : 1;
  const name = path.slice(0, words).join('.');
  const slot = table.slots.get(name);
  const fact = slot === undefined ? undefined : table.facts[slot];
  if (fact === undefined) return { issue: unknown(node, path, table) };
  if (path.length === words || fact.type === 'json') return { fact };
  return {
    fact,
    issue: { ...placeOf(node, path, words + 1), message: `"${name}" is a ${fact.type} and has no parts` },
  };
}

function unknown(node: Node, path: Path, table: FactTable): ExpressionIssue {
  const [group, member] = path;
  if (!table.groups.has(group)) return unknownWord(node, path, table);
  const members = namesOf(table).filter((name) => name.startsWith(`${group}.`));
  const expected = `one of: ${listed(members)}`;
  if (member === undefined) {
    return { ...placeOf(node, path, 1), message: `"${group}" is not a fact but a group of facts`, expected };
  }
  return unknownName(placeOf(node, path, 2), `${group}.${member}`, members, members);
}

/** The first word is unknown; with the second one it may still be near to a name. */
function unknownWord(node: Node, path: Path, table: FactTable): ExpressionIssue {
  const names = namesOf(table);
  const [word, member] = path;
  const full = member === undefined ? undefined : nearest(`${word}.${member}`, names);
  if (full?.includes('.')) return unknownName(placeOf(node, path, 2), `${word}.${member}`, names, [full]);
  return unknownName(placeOf(node, path, 1), word, names, member === undefined ? names : wordsOf(names));
}

function unknownName(
  place: Pick<ExpressionIssue, 'offset' | 'length'>,
  name: string,
  known: readonly string[],
  near: readonly string[],
): ExpressionIssue {
  const suggestion = nearest(name, near);
  return {
    ...place,
    message: `there is no "${name}" here`,
    expected: `one of: ${listed(known)}`,
    got: name,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function namesOf(table: FactTable): readonly string[] {
  return table.facts.map((fact) => fact.name);
}

function wordsOf(names: readonly string[]): readonly string[] {
  return names.filter((name) => !name.includes('.'));
}

/** Where the first words of a path stand. */
function placeOf(node: Node, path: Path, words: number): Pick<ExpressionIssue, 'offset' | 'length'> {
  let part = node;
  for (let count = path.length; count > words && part.op === '.'; count -= 1) part = part.args[0];
  return { offset: part.start, length: part.end - part.start };
}
