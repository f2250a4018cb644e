import { validators } from '#validators/ossa';
import type { SchemaValidator } from '../kernel/schema.ts';
import { nearest } from '../kernel/suggest.ts';
import type { Kind } from './types.ts';

interface Version {
  /** As people write it; of a row that stands for several releases the newest. */
  readonly shown: string;
  readonly pattern: RegExp;
  /** Begins the names of its schemas (schemas/ossa/README.md). */
  readonly schema: string;
  /** Kinds whose schema the version chooses. */
  readonly kinds: readonly Kind[];
}

// A prerelease (`ossa/v0.3.4-rc.1`) is judged like the release it precedes, `ossa/v0.3` like its last one. The
// schemas check apiVersion by the same patterns, so a wrong choice is an error and not a wrong verdict.
const prerelease = '(-[0-9A-Za-z]+(\\.[0-9]+)?)?';
const patch = '(0|[1-9][0-9]*)';
const threeKinds = ['Agent', 'Task', 'Workflow'] as const;
const fourKinds = [...threeKinds, 'Flow'] as const;

const versions: readonly Version[] = [
  {
    shown: 'ossa/v0.2.9',
    pattern: new RegExp(`^ossa/v0\\.2\\.${patch}(-[0-9A-Za-z]+)?$`),
    schema: 'v0.2',
    kinds: ['Agent'],
  },
  ...[0, 1, 2, 3, 4, 5, 6].map((number) => ({
    shown: `ossa/v0.3.${number}`,
    pattern: new RegExp(
      number === 6 ? `^ossa/v0\\.3(\\.6${prerelease})?$` : `^ossa/v0\\.3\\.${number}${prerelease}$`,
    ),
    schema: `v0.3.${number}`,
    kinds: number < 5 ? threeKinds : fourKinds,
  })),
  {
    shown: 'ossa/v0.4',
    pattern: new RegExp(`^ossa/v0\\.4(\\.${patch}${prerelease})?$`),
    schema: 'v0.4',
    kinds: fourKinds,
  },
  {
    shown: 'ossa/v0.5',
    pattern: new RegExp(`^ossa/v0\\.5(\\.${patch}${prerelease})?$`),
    schema: 'v0.5',
    kinds: fourKinds,
  },
  { shown: 'ossa/v1', pattern: /^ossa\/v1$/, schema: 'v0.4', kinds: fourKinds },
  { shown: 'ossa.io/v1', pattern: /^ossa\.io\/v1$/, schema: 'v0.4', kinds: fourKinds },
];

/** Kinds that have one schema, whatever the version: it says itself which versions it takes. */
const ownSchemas: Readonly<Partial<Record<Kind, string>>> = {
  Skill: 'v0.4.skill',
  Validator: 'v0.4.validator',
};

export const knownVersions: readonly string[] = versions.map(({ shown }) => shown);

/** The known versions as a message lists them. */
export const versionsInWords: string = inWords(versions);

/** Whether an apiVersion is one of those whose manifests are checked; 0.1.9 is not (legacy.ts). */
export function isKnownVersion(apiVersion: string): boolean {
  return find(apiVersion) !== undefined;
}

/** The kinds of a known version, in the order people list them. */
export function kindsOf(apiVersion: string): readonly Kind[] {
  const own = Object.keys(ownSchemas) as Kind[];
  return [...(find(apiVersion)?.kinds ?? []), ...own];
}

/** The versions that have a kind, as a message lists them. */
export function versionsWith(kind: Kind): string {
  return inWords(
    versions.filter((version) => ownSchemas[kind] !== undefined || version.kinds.includes(kind)),
  );
}

/** The name of the schema for a version and kind, without `.schema.json`; undefined where there is no such kind. */
export function schemaName(apiVersion: string, kind: Kind): string | undefined {
  const version = find(apiVersion);
  if (version === undefined) return undefined;
  return (
    ownSchemas[kind] ?? (version.kinds.includes(kind) ? `${version.schema}.${kind.toLowerCase()}` : undefined)
  );
}

/**
 * The compiled schemas by a name of `schemaName`, all of which must hold: the kind's own, and that of the frameworks'
 * extensions where it says something about one of the names that stand under `extensions`.
 */
export async function loadSchemas(
  name: string,
  extensions: readonly string[],
): Promise<readonly SchemaValidator[]> {
  const found = validators[name];
  if (found === undefined) throw new Error(`no compiled schema ${name}`);
  const isChecked = extensions.some((extension) => found.extensions?.names.includes(extension));
  return Promise.all(
    [found, ...(isChecked && found.extensions ? [found.extensions] : [])].map(({ load }) => load()),
  );
}

/** The known version that was most likely meant: `ossa/v0.4.5` for `v0.4.5`, `ossa/v0.3.6` for `ossa/v0.3.7`. */
export function nearestVersion(text: string): string | undefined {
  const asked = text.slice(0, 64).trim();
  const release = releaseIn.exec(asked)?.[1]?.toLowerCase();
  if (release === undefined) return nearest(asked, knownVersions);
  const written = respelled(asked);
  if (written !== undefined) return written;
  const [numbers = ''] = release.split('-');
  const [major, minor] = numbers.split('.').map(Number);
  if (major !== 0) return major === 1 ? 'ossa/v1' : nearest(asked, knownVersions);
  const near = Math.min(Math.max(minor ?? 0, 2), 5);
  return knownVersions.findLast((shown) => shown.startsWith(`ossa/v0.${near}`));
}

/** The known version that a text is another spelling of: `v0.4.5`, `OSSA/0.4.5`; undefined for what would be a guess. */
export function respelled(text: string): string | undefined {
  const release = releaseIn.exec(text.slice(0, 64).trim())?.[1]?.toLowerCase();
  const [numbers] = release?.split('-') ?? [];
  return [release, numbers].map((one) => `ossa/v${one}`).find(isKnownVersion);
}

// `v1` alone is a version of many things that are not OSSA's.
const releaseIn = /(?:^v?(?=0\.\d)|ossa(?:\.[a-z]+)?\/v?)(\d+(?:\.\d+){0,2}(?:-[0-9a-z]+(?:\.\d+)?)?)/i;

function find(apiVersion: string): Version | undefined {
  return versions.find(({ pattern }) => pattern.test(apiVersion));
}

/** `a, b to f, g`: releases of one minor version that follow each other are a range. */
function inWords(rows: readonly Version[]): string {
  const runs: string[][] = [];
  for (const { shown } of rows) {
    const run = runs.at(-1);
    if (run?.[0] !== undefined && minorOf(run[0]) === minorOf(shown)) run.push(shown);
    else runs.push([shown]);
  }
  return runs.flatMap((run) => (run.length > 2 ? [`${run[0]} to ${run.at(-1)}`] : run)).join(', ');
}

function minorOf(shown: string): string {
  return shown.split('.', 2).join('.');
}
