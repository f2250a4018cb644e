import { validators } from '#validators/ossa';
import type { SchemaValidator } from '../kernel/schema.ts';
import type { Kind } from './types.ts';

interface Version {
  /** As people write it. */
  readonly shown: string;
  /** The part of the name that stands for it, after `ossa/`. */
  readonly pattern: RegExp;
  /** Begins the names of its schemas (schemas/ossa/README.md); undefined where there are none yet. */
  readonly schema?: string;
}

// A prerelease (`ossa/v0.3.4-rc.1`) is judged like the release it precedes, `ossa/v0.3` like its last one.
const prerelease = '(-[0-9A-Za-z]+(\\.[0-9]+)?)?';

const versions: readonly Version[] = [
  { shown: 'ossa/v0.1.9', pattern: /^ossa\/v0\.1\.\d+$/ },
  { shown: 'ossa/v0.2.9', pattern: new RegExp(`^ossa/v0\\.2(\\.\\d+)?${prerelease}$`) },
  ...[0, 1, 2, 3, 4, 5, 6].map((patch) => ({
    shown: `ossa/v0.3.${patch}`,
    pattern: new RegExp(
      patch === 6 ? `^ossa/v0\\.3(\\.6${prerelease})?$` : `^ossa/v0\\.3\\.${patch}${prerelease}$`,
    ),
    schema: `v0.3.${patch}`,
  })),
  { shown: 'ossa/v0.4', pattern: new RegExp(`^ossa/v0\\.4(\\.\\d+${prerelease})?$`), schema: 'v0.4' },
  { shown: 'ossa/v0.5', pattern: new RegExp(`^ossa/v0\\.5(\\.\\d+)?${prerelease}$`) },
  { shown: 'ossa/v1', pattern: /^ossa\/v1$/ },
  { shown: 'ossa.io/v1', pattern: /^ossa\.io\/v1$/ },
];

export const knownVersions: readonly string[] = versions.map(({ shown }) => shown);

/** Whether an apiVersion is one of OSSA's, checked here or not. */
export function isKnownVersion(apiVersion: string): boolean {
  return find(apiVersion) !== undefined;
}

/** Whether the structure of manifests of that version is checked here. */
export function isCheckedVersion(apiVersion: string): boolean {
  return find(apiVersion)?.schema !== undefined;
}

/**
 * The compiled schemas for a version and kind, all of which must hold: the kind's own, and that of the frameworks'
 * extensions where it says something about one of these names. Undefined where we have none.
 */
export async function schemasFor(
  apiVersion: string,
  kind: Kind,
  extensions: readonly string[],
): Promise<readonly SchemaValidator[] | undefined> {
  const schema = find(apiVersion)?.schema;
  const found = schema === undefined ? undefined : validators[`${schema}.${kind.toLowerCase()}`];
  if (found === undefined) return undefined;
  const isChecked = extensions.some((name) => found.extensions?.names.includes(name));
  return Promise.all(
    [found, ...(isChecked && found.extensions ? [found.extensions] : [])].map(({ load }) => load()),
  );
}

function find(apiVersion: string): Version | undefined {
  return versions.find(({ pattern }) => pattern.test(apiVersion));
}
