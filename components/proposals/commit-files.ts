import { createRedactor } from '../kernel/redact.ts';
import type { ProposedFile } from './bundle.gen.ts';
import type { Choices } from './choices.ts';
import { pathMatcher, whyNotChanged } from './commit-paths.ts';
import { findCharacters } from './text/characters.ts';

type Allowed = NonNullable<Choices['commit']>;

const mostReasons = 5;

/** What stands against the files of a commit, by themselves: their names, their number, their texts. */
export function whyNotFiles(allowed: Allowed, files: readonly ProposedFile[]): string | undefined {
  const { maxFiles, maxBytes } = allowed;
  if (files.length > maxFiles) return `it changes ${files.length} files, at most ${maxFiles} are allowed`;
  const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content ?? ''), 0);
  if (bytes > maxBytes) return `its files have ${bytes} bytes, at most ${maxBytes} are allowed`;
  const isAllowed = pathMatcher(allowed.paths);
  const reasons = files.flatMap(({ path, content }, index) => {
    const reason = whyNotChanged(path, isAllowed) ?? (content === null ? undefined : whyNoText(content));
    return reason === undefined ? [] : [`file ${index + 1} of it: ${reason}`];
  });
  if (reasons.length > 0) return reasons.slice(0, mostReasons).join('; ');
  return whyTwice(files.map(({ path }) => path));
}

/** A text that people can look at as it is. */
function whyNoText(content: string): string | undefined {
  if (!content.isWellFormed()) return 'its text has half a character';
  if (content.includes('\0')) return 'it is no text';
  const unseen = findCharacters(content.replaceAll('\r\n', '\n'));
  if (unseen.length > 0) return `it holds characters that are not seen: ${unseen.slice(0, 5).join(', ')}`;
  return holdsSecret(content, createRedactor()) ? 'it holds something like a secret' : undefined;
}

/** Whether a text holds a secret, or the mark of one that was taken out: both would be another text than was meant. */
export function holdsSecret(text: string, redact: (text: string) => string): boolean {
  return text.includes('[redacted]') || redact(text) !== text;
}

/** One name on a file system that folds case, and a file where another has its folder. */
function whyTwice(paths: readonly string[]): string | undefined {
  const folded = paths.map(fold);
  for (const [index, path] of folded.entries()) {
    const other = folded.findIndex(
      (each, at) => at !== index && (each === path || each.startsWith(`${path}/`)),
    );
    if (other >= 0) return `${paths[index]} and ${paths[other]} are in each other's way`;
  }
  return undefined;
}

/** Modes of all that a commit has, by path: files, links and submodules. */
export type BaseFiles = ReadonlyMap<string, string>;

/** What stands against changing these files of a commit. Existing files are changed where they stand, and nothing else is. */
export function whyNotOnto(base: BaseFiles, files: readonly ProposedFile[]): string | undefined {
  const names = spellings(base);
  const reasons = files.flatMap(({ path, content }) => {
    const reason = whyNotAt(base, names, path, content === null);
    return reason === undefined ? [] : [reason];
  });
  return reasons.length === 0 ? undefined : reasons.slice(0, mostReasons).join('; ');
}

function whyNotAt(
  base: BaseFiles,
  names: ReadonlyMap<string, string>,
  path: string,
  isDeleted: boolean,
): string | undefined {
  const mode = base.get(path);
  if (mode !== undefined)
    return mode === '100644' || mode === '100755' ? undefined : `${path} is a link or a submodule`;
  if (isDeleted) return `${path} is not there to be deleted`;
  for (const above of [...foldersOf(path), path]) {
    if (base.has(above)) return `${above} is no folder`;
    const known = names.get(fold(above));
    if (known !== undefined && known !== above) return `${above} is there as ${known}`;
  }
  return names.has(fold(path)) ? `${path} is a folder` : undefined;
}

/** All files and folders as they are spelled, by how a file system sees them that folds names. */
function spellings(base: BaseFiles): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const path of base.keys()) for (const name of [path, ...foldersOf(path)]) names.set(fold(name), name);
  return names;
}

function foldersOf(path: string): string[] {
  const steps = path.split('/');
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'));
}

function fold(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase();
}
