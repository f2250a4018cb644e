import picomatch from 'picomatch';
import { unlessMissing } from './endpoints/define.ts';
import { readFile } from './endpoints/files.ts';
import type { GitLab } from './types.ts';

/** Who owns which files. Source: docs.gitlab.com/user/project/codeowners/reference */
export interface CodeOwners {
  readonly file: string;
  readonly sections: readonly Section[];
}

export interface Section {
  /** `^[Docs]`: nobody has to approve. */
  readonly optional: boolean;
  /** `[Docs][2]`: how many owners of a file must approve. */
  readonly approvals: number;
  readonly entries: readonly Entry[];
}

interface Entry {
  /** From the root of the repository, with `**`. */
  readonly glob: string;
  /** `!path`: what the section does not ask about. */
  readonly excludes: boolean;
  /** `@user`, `@group/sub`, `@@role`, an address; empty where nobody owns it. */
  readonly owners: readonly string[];
}

/** The first of these that there is counts. */
const places = ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

/** The file of a branch or a commit; undefined where there is none. */
export async function readCodeOwners(
  gitlab: GitLab,
  { project, ref }: { readonly project: number; readonly ref: string | undefined },
): Promise<CodeOwners | undefined> {
  if (ref === undefined) return undefined;
  for (const file of places) {
    const bytes = await unlessMissing(readFile(gitlab, { project, file, ref }));
    if (bytes !== undefined) return { file, sections: parseCodeOwners(new TextDecoder().decode(bytes)) };
  }
  return undefined;
}

const header = /^(\^)?\[([^\]]*)\](?:\[(\d{1,4})\])?(.*)$/;
/** The first white space that no backslash stands before ends a path. */
const line = /^(!?)((?:\\.|[^\s\\])+)(.*)$/;
/** `@user`, `@group/sub`, `@@role`, an address. */
const owner = /^(?:@{1,2}[\w.@/-]+|[^\s@]+@[^\s@.]+\.[^\s@]+)$/;

/** Sections of one name are one, which is optional only where each of them is. */
export function parseCodeOwners(text: string): readonly Section[] {
  const unnamed = { optional: false, approvals: 1, entries: [] as Entry[] };
  const sections = new Map([['', unnamed]]);
  let [section, owners]: [typeof unnamed, readonly string[]] = [unnamed, []];
  for (const row of text.split(/\r?\n/).map((one) => one.trim())) {
    if (row === '' || row.startsWith('#')) continue;
    const [isHeader, caret, name = '', approvals = '1', rest = ''] = header.exec(row) ?? [];
    if (isHeader === undefined) {
      section.entries.push(...entryOf(row, owners));
      continue;
    }
    const known = sections.get(name.toLowerCase()) ?? { optional: true, approvals: 1, entries: [] };
    known.optional &&= caret === '^';
    known.approvals = Math.max(known.approvals, Number(approvals));
    sections.set(name.toLowerCase(), known);
    [section, owners] = [known, ownersIn(rest)];
  }
  return [...sections.values()];
}

/** An entry without owners has those of its section. */
function entryOf(row: string, ofSection: readonly string[]): readonly Entry[] {
  const [, exclusion, path = '', rest = ''] = line.exec(row) ?? [];
  if (path === '') return [];
  const owners = withoutComment(rest).trim() === '' ? ofSection : ownersIn(rest);
  return [{ glob: globOf(path), excludes: exclusion === '!', owners }];
}

function ownersIn(text: string): readonly string[] {
  return withoutComment(text)
    .split(/\s+/)
    .filter((word) => owner.test(word));
}

function withoutComment(text: string): string {
  return text.replace(/(^|\s)#.*$/, '');
}

/** A path without a leading slash is meant in every folder; a folder is all that is in it. */
function globOf(path: string): string {
  const unescaped = path.replaceAll(/\\([ #])/g, '$1');
  const anchored = unescaped.startsWith('/')
    ? unescaped.slice(1)
    : unescaped === '*'
      ? '**'
      : `**/${unescaped}`;
  return anchored.endsWith('/') ? `${anchored}**` : anchored;
}

/** Owners of a file by one section, and how many of them must approve its change. */
export interface Owned {
  readonly owners: readonly string[];
  readonly approvals: number;
}

/** Who must approve a change of a file: in each section the last entry that is about it counts. */
export function ownersOf({ sections }: Pick<CodeOwners, 'sections'>, path: string): readonly Owned[] {
  return sections.flatMap(({ optional, approvals, entries }) => {
    const about = entries.filter(({ glob }) => picomatch.isMatch(path, glob, { dot: true, nonegate: true }));
    const owners = about.at(-1)?.owners ?? [];
    if (optional || owners.length === 0 || about.some(({ excludes }) => excludes)) return [];
    return [{ owners, approvals }];
  });
}

/** Whether somebody must approve a change of a file. */
export function isOwned(owners: Pick<CodeOwners, 'sections'>, path: string): boolean {
  return ownersOf(owners, path).length > 0;
}
