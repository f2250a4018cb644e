import type { DataPath } from '../../kernel/place.ts';
import { valueAt } from '../../kernel/place.ts';
import { isData } from '../read-data.ts';
import { ladder, type Rung } from './ladder.ts';

interface NewField {
  readonly path: DataPath;
  readonly since: Rung;
}

const under = (since: Rung, ...paths: readonly string[]): readonly NewField[] =>
  paths.map((path) => ({ path: path.split('.'), since }));

const components = [
  'completion',
  'checkpointing',
  'experts',
  'moe',
  'bat',
  'feedback',
  'infrastructure',
  'flow',
];

/**
 * Features by the first version that has them, where an older one would take the field and give it no meaning: a version that
 * does not know it does not do it either. (Fields an older version refuses need no row: its schema names them.)
 */
const newer: readonly NewField[] = [
  ...under('ossa/v0.3.0', 'runtime'),
  ...under('ossa/v0.3.2', 'spec.access', 'spec.separation', 'spec.delegation', 'spec.taxonomy', 'spec.type'),
  ...under('ossa/v0.3.5', 'spec.completion', 'spec.checkpointing', 'spec.infrastructure', 'infrastructure'),
  ...components.flatMap((name) => under('ossa/v0.3.5', `extensions.${name}`, `spec.extensions.${name}`)),
  ...under(
    'ossa/v0.3.6',
    'spec.principal',
    'spec.adapters',
    'spec.token_efficiency',
    'token_efficiency',
    'composition',
  ),
  ...under('ossa/v0.4', 'spec.handoffs', 'spec.team', 'spec.subagents'),
  ...under('ossa/v0.5', 'security', 'protocols', 'metadata.identity'),
];

/** Features of a document that its own version has and an older one has no meaning for. */
export function lostBetween(document: unknown, from: number, to: number): readonly NewField[] {
  return newer.filter(({ path, since }) => {
    const rung = ladder.indexOf(since);
    return rung > to && rung <= from && valueAt(document, path) !== undefined;
  });
}

/** Root fields that only 0.3.4 has; before and after it they stand among the extensions. */
const onlyIn034 = ['orchestration', 'hitl', 'a2a', 'state_management'];

export interface Moved {
  readonly from: DataPath;
  readonly to: DataPath;
}

/** Fields that stand elsewhere in the version of a rung. */
export function movesTo(document: unknown, rung: number): readonly Moved[] {
  const isIn034 = ladder[rung] === 'ossa/v0.3.4';
  return onlyIn034.flatMap((name): Moved[] => {
    const [atRoot, among] = [[name], ['extensions', name]];
    const [from, to] = isIn034 ? [among, atRoot] : [atRoot, among];
    const isThere = isData(valueAt(document, from)) && valueAt(document, to) === undefined;
    return isThere ? [{ from, to }] : [];
  });
}
