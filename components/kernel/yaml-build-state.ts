import type { FindingCode } from './finding.ts';
import { yamlFindings } from './findings.ts';
import type { YamlProfile } from './yaml-scalars.ts';

export interface BuildProblem {
  readonly code: FindingCode;
  /** UTF-16 offset into the source. */
  readonly offset: number;
  readonly message: string;
  readonly fix?: string;
}

export interface Limits {
  readonly nodes: number;
  readonly aliases: number;
  readonly depth: number;
}

/** A value with what an alias of it would cost. */
export interface Built {
  readonly value: unknown;
  /** What the value is called as a key; undefined for collections. */
  readonly key: string | undefined;
  readonly nodes: number;
  readonly height: number;
}

export interface Frame {
  readonly kind: 'document' | 'sequence' | 'mapping';
  readonly list: unknown[];
  readonly map: Record<string, unknown>;
  /** Keys given in this mapping itself, with their offsets. */
  readonly given: Map<string, number> | undefined;
  readonly anchor: string;
  readonly reference: boolean;
  readonly offset: number;
  readonly nodesBefore: number;
  height: number;
  key: { readonly name: string | undefined; readonly merge: boolean } | undefined;
}

export interface Build {
  readonly source: string;
  readonly profile: YamlProfile;
  readonly limits: Limits;
  readonly problems: BuildProblem[];
  readonly frames: Frame[];
  readonly documents: unknown[];
  /** Undefined while the anchored collection is still open. */
  anchors: Map<string, Built | undefined>;
  handles: ReadonlyMap<string, string>;
  nodes: number;
  aliases: number;
  offset: number;
}

const mostProblems = 100;

/** Thrown inside the build only, when going on would cost more than the limits allow. */
export class Stop extends Error {}

export function count(build: Build, nodes: number, of: 'values' | 'aliases'): void {
  build.nodes += nodes;
  if (build.nodes <= build.limits.nodes) return;
  const most = build.limits.nodes;
  if (of === 'aliases') stop(build, yamlFindings.ALIASES, `aliases expand to more than ${most} values`);
  stop(build, yamlFindings.TOO_LARGE, `the text has more than ${most} values`);
}

export function stopAtDepth(build: Build): never {
  return stop(build, yamlFindings.DEPTH, `collections are nested more than ${build.limits.depth} deep`);
}

export function stop(build: Build, code: FindingCode, message: string): never {
  report(build, code, build.offset, message);
  throw new Stop();
}

export function report(build: Build, code: FindingCode, offset: number, message: string, fix?: string): void {
  build.problems.push(fix === undefined ? { code, offset, message } : { code, offset, message, fix });
  if (build.problems.length >= mostProblems) throw new Stop();
}
