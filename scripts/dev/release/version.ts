export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly text: string;
}

/** `1.4.0` → its numbers; undefined for everything else, also pre-releases, which `@~latest` would skip. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/.exec(text);
  return match === null
    ? undefined
    : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]), text };
}

export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** The highest version among tags; those that name none are passed over. */
export function highestVersion(tags: readonly string[]): Version | undefined {
  return tags
    .map(parseVersion)
    .filter((version) => version !== undefined)
    .sort(compareVersions)
    .at(-1);
}
