import { renderPath } from '../../kernel/place.ts';
import { isData } from '../read-data.ts';
import type { RuleIssue } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { someText, textsWhere } from '../secrets/texts.ts';

/** Keys whose value is a container image; `image` also is a picture, which has the name of a file or an address. */
const imageKeys: ReadonlySet<string> = new Set([
  ...['image', 'container_image', 'containerImage', 'docker_image', 'dockerImage', 'base_image', 'baseImage'],
]);
/** Where a key `image` is data an agent works on, and no image it runs. */
const dataKeys: ReadonlySet<string> = new Set([
  ...['metadata', 'properties', 'input', 'output', 'examples', 'example', 'payload', 'parameters', 'default'],
]);

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

// The grammar of github.com/distribution/reference: host and port, path, tag, digest.
const reference =
  /^(?:[A-Za-z0-9.-]{1,253}(?::\d{1,5})?\/)?[a-z0-9][a-z0-9._/-]{0,254}(?::([\w][\w.-]{0,127}))?(@[a-z0-9+._-]{1,32}:[0-9a-f]{32,128})?$/;
const picture = /\.(?:png|jpe?g|gif|svg|webp|ico)$/i;

export const rule = defineRule({
  id: 'image-unpinned',
  severity: 'warning',
  about:
    'A container image has no tag and no digest, or a tag that moves, such as `latest`: the next run may get another ' +
    'program than the one that was reviewed.',
  check: ({ data }) => [...textImages(data), ...kubernetesImages(data)],
});

function textImages(data: unknown): readonly RuleIssue[] {
  const isImage = (_: string, key: string): boolean => imageKeys.has(key);
  if (!someText(data, isImage)) return [];
  return textsWhere(data, (value, key, isKey) => !isKey && isImage(value, key)).flatMap(({ value, path }) => {
    if (path.some((part) => dataKeys.has(String(part)))) return [];
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
  if (image.length > 512 || picture.test(image)) return undefined;
  const match = reference.exec(image);
  if (match === null) return undefined;
  const [, tag, digest] = match;
  if (digest !== undefined) return undefined;
  if (tag === undefined) return 'has neither tag nor digest, which means latest';
  return moving.has(tag) ? `has the tag "${tag}", which moves` : undefined;
}

/** `extensions.kubernetes.deployment.image`, which is written as repository and tag. */
function kubernetesImages(data: unknown): readonly RuleIssue[] {
  const places = [
    ['extensions', 'kubernetes', 'deployment', 'image'],
    ['spec', 'extensions', 'kubernetes', 'deployment', 'image'],
  ];
  return places.flatMap((path) => {
    const image = path.reduce<unknown>((value, key) => (isData(value) ? value[key] : undefined), data);
    if (!isData(image) || typeof image.repository !== 'string') return [];
    const { repository, tag, digest } = image;
    if (typeof digest === 'string' || repository.includes('@') || repository.includes('$')) return [];
    if (tag === undefined) {
      return [issue([...path, 'repository'], repository, 'has no tag beside it, which means latest')];
    }
    if (typeof tag !== 'string' || !moving.has(tag)) return [];
    return [issue([...path, 'tag'], tag, `is "${tag}", a tag that moves`)];
  });
}
