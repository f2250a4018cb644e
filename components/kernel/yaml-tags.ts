import { resolvePlain, type YamlProfile } from './yaml-scalars.ts';

const core = 'tag:yaml.org,2002:';

/** GitLab's own tag (doc/ci/yaml/yaml_optimization.md). */
export const referenceTag = '!reference';

/** Tags a collection may have in every profile; `!` says no more than that it is a collection. */
export const collectionTags = {
  sequence: ['!', `${core}seq`],
  mapping: ['!', `${core}map`],
} as const satisfies Record<string, readonly string[]>;

/** A tag in full: `!!str` → `tag:yaml.org,2002:str`, with the handles that %TAG lines declare. */
export function fullTag(raw: string, handles: ReadonlyMap<string, string>): string {
  if (raw.startsWith('!<')) return raw.slice(2, -1);
  if (raw === '!') return raw;
  const end = raw.indexOf('!', 1);
  const handle = end < 0 ? '!' : raw.slice(0, end + 1);
  const prefix = handles.get(handle) ?? (handle === '!!' ? core : handle);
  return prefix + raw.slice(handle.length);
}

/** The value of a tagged scalar; undefined where the tag is unknown or its text is none of its forms. */
export function resolveTagged(
  profile: YamlProfile,
  tag: string,
  text: string,
): { readonly value: unknown } | undefined {
  if (tag === '!' || tag === `${core}str`) return { value: text };
  const value = resolvePlain(profile, text);
  switch (tag) {
    case `${core}null`:
      return value === null ? { value } : undefined;
    case `${core}bool`:
      return typeof value === 'boolean' ? { value } : undefined;
    case `${core}int`:
      return Number.isInteger(value) ? { value } : undefined;
    case `${core}float`:
      return typeof value === 'number' ? { value } : undefined;
    default:
      return undefined;
  }
}
