import { renderPath } from '../../kernel/place.ts';
import { kubernetesImagesOf, namedImages, readReference } from '../images.ts';
import type { RuleIssue } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Tags that are made to move. */
const moving: ReadonlySet<string> = new Set([
  ...[
    'latest',
    'stable',
    'edge',
    'nightly',
    'main',
    'master',
    'dev',
    'develop',
    'next',
    'rolling',
    'current',
  ],
]);

export const rule = defineRule({
  id: 'image-unpinned',
  severity: 'warning',
  about:
    'A container image has no tag and no digest, or a tag that moves, such as `latest`: the next run may get another ' +
    'program than the one that was reviewed.',
  check: ({ data }) => [...textImages(data), ...kubernetesImages(data)],
});

function textImages(data: unknown): readonly RuleIssue[] {
  return namedImages(data).flatMap(({ value, path }) => {
    const why = looseness(value);
    return why === undefined ? [] : [issue(path, value, why)];
  });
}

function issue(path: RuleIssue['path'], got: string, why: string): RuleIssue {
  return {
    path,
    message: `${renderPath(path)} ${why}`,
    expected: 'a digest (name@sha256:…), or at least a tag that does not move',
    got,
  };
}

/** What is wrong with an image's reference; undefined where nothing is, or where it is none or a variable. */
function looseness(image: string): string | undefined {
  const read = readReference(image);
  if (read === undefined) return undefined;
  const { tag, digest } = read;
  if (digest !== undefined) return undefined;
  if (tag === undefined) return 'has neither tag nor digest, which means latest';
  return moving.has(tag) ? `has the tag "${tag}", which moves` : undefined;
}

/** `extensions.kubernetes.deployment.image`, which is written as repository and tag. */
function kubernetesImages(data: unknown): readonly RuleIssue[] {
  return kubernetesImagesOf(data).flatMap(({ path, image }) => {
    const { repository, tag, digest } = image;
    if (typeof digest === 'string' || repository.includes('@') || repository.includes('$')) return [];
    if (tag === undefined) {
      return [issue([...path, 'repository'], repository, 'has no tag beside it, which means latest')];
    }
    if (typeof tag !== 'string' || !moving.has(tag)) return [];
    return [issue([...path, 'tag'], tag, `is "${tag}", a tag that moves`)];
  });
}
