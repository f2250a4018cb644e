// Where our verdict on the structure is stricter than the schema that OSSA publishes for the version; it is never
// looser. Every place is in this table, and test/manifest/ossa-schemas.test.ts finds no other.
import { isLegacyVersion } from './legacy.ts';
import type { Data } from './types.ts';
import { isKnownVersion } from './versions.ts';

export interface Deviation {
  readonly id: string;
  /** The field that is refused. */
  readonly path: 'apiVersion';
  /** Why the published schema is wrong there. */
  readonly reason: string;
  /** A value that it takes and we refuse, in a document of kind Agent. */
  readonly example: string;
  /** Whether a refused value is refused for this reason: the published schema takes it. */
  readonly covers: (apiVersion: string, kind: unknown) => boolean;
}

// The patterns of the published schemas, by what a manifest declares. Everything without a schema of its own
// version is judged by that of 0.4, also what is no version at all.
const tail = '(\\.[0-9]+)?(-[a-zA-Z0-9.]+)?';
const since034 = '0\\.3(\\.[4-9]|\\.[0-9]+(-[a-zA-Z0-9.]+)?)?|0\\.2\\.[2-9](-dev)?|1';
const before035 = /^ossa\/v(0\.3\.[0-9]+(-[a-zA-Z0-9]+)?|0\.2\.[2-9](-dev)?|1)(\.[0-9]+)?(-[a-zA-Z0-9]+)?$/;
const published: readonly (readonly [declares: RegExp, takes: RegExp])[] = [
  [/^ossa\/v0\.2\./, /^ossa\/v(0\.[2-9]+\.[0-9]+(-dev)?|1)(\.[0-9]+)?(-[a-zA-Z0-9]+)?$/],
  [/^ossa\/v0\.3\.[0-4](?!\d)/, before035],
  [/^ossa\/v0\.3(?!\.\d)/, new RegExp(`^ossa/v(${since034})${tail}$`)],
  [/^ossa\/v0\.3\.[56](?!\d)/, new RegExp(`^ossa/v(${since034})${tail}$`)],
  [/^ossa\/v0\.5/, new RegExp(`^ossa/v(0\\.5(\\.[0-9]+(-[a-zA-Z0-9.]+)?)?|${minor(4)}|${since034})${tail}$`)],
];
const grouped04 = `(ossa/v(${minor(4)}|${since034})${tail})|([a-zA-Z0-9.-]+/v[a-zA-Z0-9.]+)`;
const takes04 = new RegExp(`^${grouped04}$`);
const meant04 = new RegExp(`^(${grouped04})$`);
const takesSkill = /^ossa\/v[0-9]+(\.[0-9]+)*(-[a-zA-Z0-9.]+)?$/;

function minor(number: number): string {
  return `0\\.${number}(\\.[0-9]+(-[a-zA-Z0-9.]+)?)?`;
}

// The published patterns may take quadratic time, and no version is this long.
const longest = 200;

function isTaken(apiVersion: string, kind: unknown): boolean {
  if (apiVersion.length > longest) return false;
  if (kind === 'Skill') return takesSkill.test(apiVersion);
  if (kind === 'Validator') return apiVersion === 'ossa/v0.4.4';
  return (published.find(([declares]) => declares.test(apiVersion))?.[1] ?? takes04).test(apiVersion);
}

/** Of 0.4's pattern only: whether it takes the text for want of brackets around its alternatives. */
function isFragment(apiVersion: string, kind: unknown): boolean {
  const isOther = kind === 'Skill' || published.some(([declares]) => declares.test(apiVersion));
  return !isOther && !meant04.test(apiVersion);
}

/** In the order in which they are asked; the first that covers a value names it. */
export const deviations: readonly Deviation[] = [
  {
    id: 'version-legacy',
    path: 'apiVersion',
    reason:
      'OSSA 0.1.9 is another format; the schema of 0.4 takes its apiVersion like that of any API and judges the rest as if it were of 0.4.',
    example: 'ossa/v0.1.9',
    covers: (apiVersion, kind) => isLegacyVersion(apiVersion) && isTaken(apiVersion, kind),
  },
  {
    id: 'version-fragment',
    path: 'apiVersion',
    reason:
      'The pattern of 0.4 lacks brackets around its alternatives, so a text that begins or ends like a version passes, whatever else is in it.',
    example: 'ossa/v0.4.6!!garbage',
    covers: (apiVersion, kind) => isTaken(apiVersion, kind) && isFragment(apiVersion, kind),
  },
  {
    id: 'version-unpublished',
    path: 'apiVersion',
    reason:
      'The published patterns take numbers and names that no release of OSSA has, such as ossa/v0.3.7 or example.org/v1; there is no schema to judge these by.',
    example: 'ossa/v0.3.7',
    covers: isTaken,
  },
];

/** The id of the deviation by which a document's apiVersion is refused; undefined where OSSA refuses it too. */
export function deviationOf({ apiVersion, kind }: Data): string | undefined {
  if (typeof apiVersion !== 'string' || isKnownVersion(apiVersion)) return undefined;
  return deviations.find(({ covers }) => covers(apiVersion, kind))?.id;
}
