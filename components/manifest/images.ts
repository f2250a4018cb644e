import type { DataPath } from '../kernel/place.ts';
import { isData } from './read-data.ts';
import { someText, textsWhere } from './secrets/texts.ts';

/** Keys whose value is a container image; `image` also is a picture, which has the name of a file or an address. */
const imageKeys: ReadonlySet<string> = new Set([
  ...['image', 'container_image', 'containerImage', 'docker_image', 'dockerImage', 'base_image', 'baseImage'],
]);
/** Where a key `image` is data an agent works on, and no image it runs. */
const dataKeys: ReadonlySet<string> = new Set([
  ...['metadata', 'properties', 'input', 'output', 'examples', 'example', 'payload', 'parameters', 'default'],
]);

// The grammar of github.com/distribution/reference: host and port, path, tag, digest.
const reference =
  /^(?:[A-Za-z0-9.-]{1,253}(?::\d{1,5})?\/)?[a-z0-9][a-z0-9._/-]{0,254}(?::([\w][\w.-]{0,127}))?(@[a-z0-9+._-]{1,32}:[0-9a-f]{32,128})?$/;
const picture = /\.(?:png|jpe?g|gif|svg|webp|ico)$/i;

export interface Reference {
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Reads the name of a container image; undefined where it is none, such as a picture or a variable. */
export function readReference(image: string): Reference | undefined {
  if (image.length > 512 || picture.test(image)) return undefined;
  const match = reference.exec(image);
  return match === null ? undefined : { tag: match[1], digest: match[2] };
}

/** Texts of a manifest that name a container image by their key. */
export function namedImages(data: unknown): readonly { readonly path: DataPath; readonly value: string }[] {
  const isImage = (_: string, key: string): boolean => imageKeys.has(key);
  if (!someText(data, isImage)) return [];
  return textsWhere(data, (value, key, isKey) => !isKey && isImage(value, key)).filter(
    ({ path }) => !path.some((part) => dataKeys.has(String(part))),
  );
}

const kubernetes: readonly DataPath[] = [
  ['extensions', 'kubernetes', 'deployment', 'image'],
  ['spec', 'extensions', 'kubernetes', 'deployment', 'image'],
];

/** `extensions.kubernetes.deployment.image`, which is written as repository, tag and digest. */
export function kubernetesImagesOf(data: unknown) {
  return kubernetes.flatMap((path) => {
    const image = path.reduce<unknown>((value, key) => (isData(value) ? value[key] : undefined), data);
    if (!isData(image) || typeof image.repository !== 'string') return [];
    const { repository, tag, digest } = image;
    return [{ path, image: { repository, tag, digest } }];
  });
}

/**
 * Whether each container image that a manifest names is named by its digest, also where it names none. A variable has none:
 * nobody knows what it will be.
 */
export function areImagesPinned(data: unknown): boolean {
  const named = namedImages(data)
    .filter(({ value }) => !picture.test(value))
    .map(({ value }) => readReference(value)?.digest !== undefined);
  const written = kubernetesImagesOf(data).map(
    ({ image: { repository, digest } }) =>
      typeof digest === 'string' || readReference(repository)?.digest !== undefined,
  );
  return [...named, ...written].every((isPinned) => isPinned);
}
