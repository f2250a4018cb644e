import { parseLevels } from './named-level.ts';

/** A level whose policies are one file of another project, at a tag; the digest says which bytes are meant. */
export interface PinnedLevel {
  readonly name: string;
  /** Full path of the policy project. */
  readonly project: string;
  /** The bundle that `pipewright policy build` has written, from the root of its repository. */
  readonly file: string;
  readonly tag: string;
  /** Of the bundle: `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
}

const project = '[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+';
const file = '[A-Za-z0-9_.][A-Za-z0-9_./-]*\\.json';
const tag = '[A-Za-z0-9_][A-Za-z0-9_./+-]*';
const form = new RegExp(`^([a-z][a-z0-9-]*)=(${project}):(${file})@(${tag})#(sha256:[0-9a-f]{64})$`);

/** As errors and help show it. */
export const pinnedForm = 'name=group/project:policies.bundle.json@v1.2.0#sha256:<64 hexadecimal digits>';

/** Reads levels in the order given, the widest first. @throws POLICY_LEVEL_INVALID, one for each that is wrong */
export function parsePinnedLevels(texts: readonly string[]): readonly PinnedLevel[] {
  return parseLevels(texts, pinnedForm, parseOne, whyNoPlace);
}

export function renderPinnedLevel({ name, project, file, tag, digest }: PinnedLevel): string {
  return `${name}=${project}:${file}@${tag}#${digest}`;
}

function parseOne(text: string): PinnedLevel | undefined {
  const [whole, name = '', project = '', file = '', tag = '', digest = ''] = form.exec(text) ?? [];
  return whole === undefined ? undefined : { name, project, file, tag, digest };
}

function whyNoPlace({ file, tag }: PinnedLevel): string | undefined {
  const isOdd = (path: string) => path.split('/').some((part) => /^\.{0,2}$/.test(part));
  if (isOdd(file)) return `${file} is no path from the root of a repository`;
  if (isOdd(tag) || tag.includes('..')) return `${tag} is no name of a tag`;
  return undefined;
}
