const versionPattern = /^ossa(?:\.io)?\/v(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?/;

/** Whether manifests of that version have components: 0.3.5 and later, and what names no version we know. */
export function hasComponents(apiVersion: unknown): boolean {
  const version = orderOf(apiVersion);
  return version === undefined || version >= order(0, 3, 5);
}

/**
 * Whether the version's own schema checks `spec.completion` and `spec.checkpointing` of an Agent, and the spec of a
 * Flow: those from 0.3.5 on do, but 0.5 leaves spec untyped. `ossa/v1` is judged by the schema of 0.4.
 */
export function checksSpec(apiVersion: unknown): boolean {
  const version = orderOf(apiVersion);
  if (version === undefined) return false;
  return (version >= order(0, 3, 5) && version < order(0, 5, 0)) || version >= order(1, 0, 0);
}

/** `ossa/v0.3` is judged like 0.3.6, the last of its line. */
function orderOf(apiVersion: unknown): number | undefined {
  const found = typeof apiVersion === 'string' ? versionPattern.exec(apiVersion) : null;
  if (found === null) return undefined;
  const [major = 0, minor = 0] = [Number(found[1]), Number(found[2] ?? 0)];
  return order(major, minor, Number(found[3] ?? (major === 0 && minor === 3 ? 6 : 0)));
}

function order(major: number, minor: number, patch: number): number {
  return (major * 10_000 + minor) * 10_000 + patch;
}
