import picomatch from 'picomatch';
import { unlessMissing } from '../../gitlab/endpoints/define.ts';
import { readFile } from '../../gitlab/endpoints/files.ts';
import type { Project } from '../../gitlab/endpoints/projects.ts';
import type { GitLab } from '../../gitlab/types.ts';

/** Who owns which files. Source: docs.gitlab.com/user/project/codeowners/reference */
export interface CodeOwners {
  readonly file: string;
  readonly sections: readonly Section[];
}

interface Section {
  /** `^[Docs]`: nobody has to approve. */
  readonly optional: boolean;
  readonly entries: readonly Entry[];
}

interface Entry {
  /** From the root of the repository, with `**`. */
  readonly glob: string;
  /** `!path`: what the section does not ask about. */
  readonly excludes: boolean;
  readonly owned: boolean;
}

/** The first of these that there is counts. */
const places = ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

/** The file of the default branch; undefined where there is none. */
export async function readCodeOwners(
  gitlab: GitLab,
  { id: project, defaultBranch: ref }: Project,
): Promise<CodeOwners | undefined> {
  if (ref === undefined) return undefined;
  for (const file of places) {
    const bytes = await unlessMissing(readFile(gitlab, { project, file, ref }));
    if (bytes !== undefined) return { file, sections: parseCodeOwners(new TextDecoder().decode(bytes)) };
  }
  return undefined;
}

const header = /^(\^)?\[([^\]]*)\](?:\[\d+\])?(.*)$/;
/** The first white space that no backslash stands before ends a path. */
const line = /^(!?)((?:\\.|[^\s\\])+)(.*)$/;
/** `@user`, `@group/sub`, `@@role`, an address. */
const owner = /(?:^|\s)(?:@{1,2}[\w.@/-]+|[^\s@]+@[^\s@.]+\.[^\s@]+)/;

/** Sections of one name are one, which is optional only where each of them is. */
export function parseCodeOwners(text: string): readonly Section[] {
  const unnamed = { optional: false, entries: [] as Entry[] };
  const sections = new Map([['', unnamed]]);
  let [section, hasDefault] = [unnamed, false];
  for (const row of text.split(/\r?\n/).map((one) => one.trim())) {
    if (row === '' || row.startsWith('#')) continue;
    const [isHeader, caret, name = '', owners = ''] = header.exec(row) ?? [];
    if (isHeader === undefined) {
      section.entries.push(...entryOf(row, hasDefault));
      continue;
    }
    const known = sections.get(name.toLowerCase()) ?? { optional: true, entries: [] };
    known.optional &&= caret === '^';
    sections.set(name.toLowerCase(), known);
    [section, hasDefault] = [known, owner.test(owners)];
  }
  return [...sections.values()];
}

/** An entry without owners has those of its section. */
function entryOf(row: string, hasDefault: boolean): readonly Entry[] {
  const [, exclusion, path = '', rest = ''] = line.exec(row) ?? [];
  if (path === '') return [];
  const owners = withoutComment(rest);
  const owned = owner.test(owners) || (owners.trim() === '' && hasDefault);
  return [{ glob: globOf(path), excludes: exclusion === '!', owned }];
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

/** Whether somebody must approve a change of a file: in each section the last entry that is about it counts. */
export function isOwned({ sections }: Pick<CodeOwners, 'sections'>, path: string): boolean {
  return sections.some(({ optional, entries }) => {
    const about = entries.filter(({ glob }) => picomatch.isMatch(path, glob, { dot: true, nonegate: true }));
    if (optional || about.some(({ excludes }) => excludes)) return false;
    return about.at(-1)?.owned === true;
  });
}
