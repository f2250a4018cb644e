import { posix } from 'node:path';
import type { DataPath } from '../../kernel/place.ts';
import { valueAt } from '../../kernel/place.ts';
import { itemsAt, type Placed, textAt } from '../read-data.ts';
import type { Neighbours } from '../rule.ts';
import type { Data, ManifestDocument } from '../types.ts';
import { stepsOf } from './steps.ts';

/** A manifest's reference to a file. */
export interface Reference {
  readonly path: DataPath;
  /** As it is written. */
  readonly file: string;
  /** Kinds of which one document of the file must be. */
  readonly wanted: readonly string[];
  /** Whether it may be missing. */
  readonly optional: boolean;
}

/** The references of a document that are paths of files; names of a registry and addresses are none. */
export function referencesOf(document: ManifestDocument): readonly Reference[] {
  const { data } = document;
  return [
    ...stepsOf(document).flatMap((step) => read(step, ['ref'], wantedBy(step.value))),
    ...(document.kind === 'Task' ? ofTask(data) : []),
    ...itemsAt(data, ['spec', 'handoffs']).flatMap((handoff) => read(handoff, ['to'], ['Agent'])),
  ];
}

function ofTask(data: Data): readonly Reference[] {
  return [
    ...itemsAt(data, ['spec', 'dependencies']).flatMap((each) => read(each, ['ref'], wantedBy(each.value))),
    ...read({ path: [], value: data }, ['spec', 'error_handling', 'fallback_task'], ['Task']),
  ];
}

/** OSSA's steps and dependencies are tasks or agents, and say which; a step may well be a workflow of its own. */
function wantedBy(holder: Data): readonly string[] {
  const kind = textAt(holder, ['kind']);
  return kind === 'Task' || kind === 'Agent' ? [kind] : ['Task', 'Agent', 'Workflow', 'Flow'];
}

function read(
  { path, value }: Placed<Data>,
  field: DataPath,
  wanted: readonly string[],
): readonly Reference[] {
  const file = textAt(value, field);
  if (file === undefined || !looksLikeFile(file)) return [];
  return [{ path: [...path, ...field], file, wanted, optional: valueAt(value, ['optional']) === true }];
}

/** `./x`, `../x`, and what ends like a manifest's file; `name@1.0`, `https://…` and `${VAR}` do not. */
export function looksLikeFile(text: string): boolean {
  if (text.length > 1_000 || /[\0\n]|\$\{|\{\{|^[a-z][a-z0-9+.-]*:/i.test(text)) return false;
  return /^\.{1,2}\//.test(text) || /\.(?:ya?ml|json)$/i.test(text);
}

/** Folders above a manifest's that a path is looked up from. */
const mostFoldersUp = 16;
/** Files that are read for one document: a stranger's manifest may name any number. */
const mostFiles = 1_000;

/**
 * Makes the look-up of referred files: their documents' kinds, undefined for what is not there. OSSA does not say what
 * a path is relative to, and both the manifest's folder and the top of the repository are in use; so every folder from
 * the one up to the other is tried. What lies beyond the first thousand files of a document is taken to be as wanted.
 */
export function createFollow(
  neighbours: Neighbours,
): (file: string) => Promise<readonly string[] | undefined> {
  const known = new Map<string, readonly string[] | undefined>();
  return async (file) => {
    const path = posix.normalize(file).replace(/^\/+/, '');
    if (!known.has(path)) {
      if (known.size >= mostFiles) return ['Agent', 'Task', 'Workflow', 'Flow'];
      known.set(path, await lookUp(neighbours, path));
    }
    return known.get(path);
  };
}

async function lookUp(neighbours: Neighbours, path: string): Promise<readonly string[] | undefined> {
  for (let up = 0; up <= mostFoldersUp; up += 1) {
    const kinds = await neighbours.kindsIn('../'.repeat(up) + path);
    if (kinds !== undefined) return kinds;
    // A path that climbs itself means the manifest's folder.
    if (path.startsWith('../')) return undefined;
  }
  return undefined;
}
