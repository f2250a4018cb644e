import { distance } from 'fastest-levenshtein';
import type { Failure } from '../../kernel/failure.ts';
import { shown } from '../../kernel/schema-terms.ts';
import { listed, nearest } from '../../kernel/suggest.ts';
import { knownVersions } from '../versions.ts';
import { errors } from './errors.ts';
import { type FieldNode, findPath, stepsOf } from './field-tree.ts';
import type { FieldTable, Knowledge } from './types.ts';

/** A version that is none, with the one that was meant. */
export function unknownVersion(got: string): Failure {
  const near = nearest(got, knownVersions);
  return errors.VERSION({
    got: shown(got),
    known: listed(knownVersions),
    near: near === undefined ? '' : `; did you mean ${near}?`,
  });
}

/** What is neither code nor rule nor field, with what may have been meant. */
export function unknown({ codes, table }: Knowledge, root: FieldNode, asked: string): Failure {
  const names = codes.flatMap((entry) => [
    entry.code,
    ...(entry.is === 'finding' && entry.rule ? [entry.rule] : []),
  ]);
  const near = [...nearestOf(asked, names), ...nearFields(table, root, stepsOf(asked))];
  return errors.UNKNOWN({
    asked: shown(asked),
    near: near.length === 0 ? '' : `; the nearest ${near.length === 1 ? 'is' : 'are'} ${near.join(', ')}`,
  });
}

/** At most three, the nearest first, each with edits in no more than a third of its letters. */
function nearestOf(asked: string, known: readonly string[]): readonly string[] {
  const wanted = asked.slice(0, 64).toLowerCase();
  return known
    .map((name) => ({ name, edits: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.floor(name.length / 3))
    .toSorted((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** The field a mistyped name at the end of a known path was meant for; of a name alone, the nearest of all names. */
function nearFields(table: FieldTable, root: FieldNode, steps: readonly string[]): readonly string[] {
  const found = findPath(root, steps);
  if (found.ok || steps.length === 0) return [];
  const [only = '', ...more] = steps;
  if (more.length === 0) {
    const last = nearest(only, [...new Set(table.fields.map(({ path }) => stepsOf(path).at(-1) ?? ''))]);
    return last === undefined ? [] : [last];
  }
  const inside = [found.node, ...(found.node.items === undefined ? [] : [found.node.items])];
  const children = new Map(inside.flatMap((node) => [...node.fields]));
  const name = nearest(found.missing, [...children.keys()]);
  const path = name === undefined ? undefined : children.get(name)?.field?.path;
  return path === undefined ? [] : [path];
}
