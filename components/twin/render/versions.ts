/**
 * The catalog version that `~latest`, `1` or `1.2` stands for: the highest one that begins so. Pre-releases are left
 * out. Undefined where there is none, or the reference is not of these forms.
 */
export function versionFor(reference: string, versions: readonly string[]): string | undefined {
  if (!isVersionQuery(reference)) return undefined;
  const wanted = reference === '~latest' ? [] : reference.split('.').map(Number);
  const releases = versions.flatMap((name) => {
    const match = /^v?(\d+)\.(\d+)\.(\d+)(?:\+[0-9A-Za-z.-]+)?$/.exec(name);
    return match ? [{ name, parts: match.slice(1, 4).map(Number) }] : [];
  });
  const fitting = releases.filter(({ parts }) => wanted.every((part, index) => parts[index] === part));
  return fitting.sort((a, b) => compareParts(b.parts, a.parts))[0]?.name;
}

/** Whether a reference asks the catalog for a version, instead of naming a commit, tag or branch. */
export function isVersionQuery(reference: string): boolean {
  return reference === '~latest' || /^\d+(\.\d+)?$/.test(reference);
}

function compareParts(a: readonly number[], b: readonly number[]): number {
  for (const [index, part] of a.entries()) {
    const difference = part - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
