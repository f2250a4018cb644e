import type { Failure } from '../../../components/kernel/failure.ts';
import { releaseErrors } from './errors.ts';
import { type Git, readAt, readLines } from './git.ts';
import { findImageMistake } from './image.ts';
import { componentOf, parseInputSpecs, stampImage } from './template.ts';
import { readTemplatesAt } from './templates.ts';

/**
 * Says what keeps a commit from being the release commit of a version: every template has the one image of that
 * version, and stamping that image into its parent gives exactly this commit.
 */
export async function findReleaseMistakes(git: Git, commit: string, version: string): Promise<Failure[]> {
  const { image, reasons } = await readImage(git, commit, version);
  const found =
    image === undefined ? reasons : [...reasons, ...(await findForeignChanges(git, commit, image))];
  return found.map((reason) => releaseErrors.NOT_A_STAMP({ commit, reason }));
}

interface StampedImage {
  readonly image: string | undefined;
  readonly reasons: readonly string[];
}

async function readImage(git: Git, commit: string, version: string): Promise<StampedImage> {
  const files = await readTemplatesAt(git, commit);
  if (files.length === 0) return { image: undefined, reasons: ['it has no templates'] };
  const reasons: string[] = [];
  const images = new Set<string>();
  for (const { path, text } of files) {
    const parsed = parseInputSpecs(text);
    const image = parsed.ok ? parsed.value.image?.default : undefined;
    const mistake = typeof image === 'string' ? findImageMistake(image, version) : 'it has none';
    if (mistake !== undefined) reasons.push(`the image in ${path}: ${mistake}`);
    if (typeof image === 'string') images.add(image);
  }
  if (images.size > 1) reasons.push(`its templates have different images: ${[...images].join(', ')}`);
  return { image: images.size === 1 ? [...images][0] : undefined, reasons };
}

async function findForeignChanges(git: Git, commit: string, image: string): Promise<string[]> {
  const [line = ''] = await readLines(git, 'rev-list', '--parents', '--max-count=1', commit);
  const [, parent, ...others] = line.split(' ');
  // In a shallow clone of depth 1 git shows none.
  if (parent === undefined || others.length > 0)
    return ['it must have one parent, and the clone must reach it'];
  const reasons: string[] = [];
  const changed = await readLines(git, 'diff', '--name-only', '--no-renames', parent, commit);
  for (const path of changed) {
    const [before, after] = [await readAt(git, parent, path), await readAt(git, commit, path)];
    const stamped =
      componentOf(path) !== undefined && before !== undefined ? stampImage(before, image) : undefined;
    if (!stamped?.ok || stamped.value !== after)
      reasons.push(`${path} differs from its parent's in more than the image`);
  }
  return reasons;
}
