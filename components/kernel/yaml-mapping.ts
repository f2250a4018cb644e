import { yamlFindings } from './findings.ts';
import { type Build, type Built, type Frame, report } from './yaml-build-state.ts';
import { positionAt } from './yaml-text.ts';

/** GitLab's `!reference [job, key]`: the path, as written, to the value that GitLab puts in its place. */
export class Reference {
  readonly path: readonly unknown[];

  constructor(path: readonly unknown[]) {
    this.path = path;
  }
}

/**
 * Merges as Psych does when it meets `<<`: over the keys above it, under the keys below it; of a list of mappings
 * the first wins. False for what is no mapping: that stays a key called `<<`.
 */
function mergeInto(map: Record<string, unknown>, value: unknown): boolean {
  const sources = Array.isArray(value) ? [...value].reverse() : [value];
  if (!sources.every(isMapping)) return false;
  for (const source of sources) {
    for (const [key, item] of Object.entries(source)) setOwn(map, key, item);
  }
  return true;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Reference)
  );
}

/** Sets a property of the mapping itself, `__proto__` too. */
function setOwn(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Puts a finished value where the innermost open collection wants it: next item, key, or value of the key. */
export function put(build: Build, built: Built, offset: number, merge: boolean): void {
  const frame = build.frames.at(-1);
  if (frame === undefined) return;
  frame.height = Math.max(frame.height, built.height);
  if (frame.kind === 'document') build.documents.push(built.value);
  else if (frame.kind === 'sequence') frame.list.push(built.value);
  else if (frame.key === undefined) frame.key = takeKey(build, frame, built, offset, merge);
  else {
    const { name, merge: merges } = frame.key;
    frame.key = undefined;
    if (merges && mergeInto(frame.map, built.value)) return;
    if (name !== undefined) setOwn(frame.map, name, built.value);
  }
}

function takeKey(
  build: Build,
  frame: Frame,
  built: Built,
  offset: number,
  merge: boolean,
): NonNullable<Frame['key']> {
  const name = built.key;
  if (name === undefined) {
    report(build, yamlFindings.KEY, offset, 'a key must be text, not a list or a mapping');
    return { name, merge: false };
  }
  if (build.profile === 'gitlab') return { name, merge };
  if (merge) {
    const fix = 'Write the keys out, or quote "<<" if it is meant as a name.';
    report(build, yamlFindings.KEY, offset, 'merge keys are not part of YAML 1.2', fix);
  }
  const first = frame.given?.get(name);
  if (first === undefined) frame.given?.set(name, offset);
  else {
    const line = positionAt(build.source, first).line;
    report(
      build,
      yamlFindings.DUPLICATE_KEY,
      offset,
      `the key ${JSON.stringify(name)} is given again, first in line ${line}`,
    );
  }
  return { name, merge: false };
}
