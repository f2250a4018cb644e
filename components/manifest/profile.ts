import { valueAt } from '../kernel/place.ts';
import { areImagesPinned } from './images.ts';
import { isData, textAt } from './read-data.ts';
import type { Kind } from './types.ts';
import { kinds } from './types.ts';

/** What policies ask about a manifest; what it does not say is absent. */
export interface ManifestProfile {
  readonly name: string;
  readonly kind: Kind;
  readonly version: string;
  /** `spec.access.tier`; without one the least, tier_1_read. */
  readonly tier: string;
  readonly permissions: readonly string[];
  /** Role in the separation of duties. */
  readonly role: string | undefined;
  /** What it is by role, type and `agentKind`, of those it has; the same three that the rule reviewer-deploys reads. */
  readonly duties: readonly string[];
  readonly type: string | undefined;
  /** Team in the metadata, or else the author. */
  readonly owner: string | undefined;
  /** Labels in the metadata, as `key=value`. */
  readonly labels: readonly string[];
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly maxTokensPerDay: number | undefined;
  readonly maxTokensPerRequest: number | undefined;
  readonly maxCostPerDay: number | undefined;
  /** Whether each container image it names is named by its digest, also where it names none. */
  readonly imagesPinned: boolean;
  /** Classes of data it is for: that of its `data_classification`, and those below. */
  readonly dataClasses: readonly string[];
  /** Where its data must stay. */
  readonly region: string | undefined;
}

/** OSSA's, from the one that anybody may see up. */
const dataClasses = ['public', 'internal', 'confidential', 'restricted'];

/** The least of OSSA's access tiers. */
const leastTier = 'tier_1_read';

const dutyPaths = [
  ['spec', 'separation', 'role'],
  ['spec', 'type'],
  ['metadata', 'agentKind'],
];

/** Reads the profile of a document of a manifest; undefined where it has no kind or no name. */
export function readProfile(data: unknown): ManifestProfile | undefined {
  const kind = kinds.find((known) => isData(data) && data.kind === known);
  const name = textAt(data, ['metadata', 'name']);
  if (kind === undefined || name === undefined || name === '') return undefined;
  const cost = ['spec', 'constraints', 'cost'];
  const number = (path: readonly string[]) => {
    const value = valueAt(data, path);
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const permissions = valueAt(data, ['spec', 'access', 'permissions']);
  return {
    ...{ name, kind, version: textAt(data, ['metadata', 'version']) ?? '' },
    tier: textAt(data, ['spec', 'access', 'tier']) ?? leastTier,
    permissions: Array.isArray(permissions) ? permissions.filter((item) => typeof item === 'string') : [],
    role: textAt(data, ['spec', 'separation', 'role']),
    duties: dutyPaths.flatMap((path) => textAt(data, path) ?? []),
    type: textAt(data, ['spec', 'type']),
    owner: textAt(data, ['metadata', 'team']) ?? textAt(data, ['metadata', 'author']),
    labels: labelsOf(valueAt(data, ['metadata', 'labels'])),
    provider: textAt(data, ['spec', 'llm', 'provider']),
    model: textAt(data, ['spec', 'llm', 'model']),
    maxTokensPerDay: number([...cost, 'maxTokensPerDay']),
    maxTokensPerRequest: number([...cost, 'maxTokensPerRequest']),
    maxCostPerDay: number([...cost, 'maxCostPerDay']),
    imagesPinned: areImagesPinned(data),
    dataClasses: classesOf(
      textAt(data, ['security', 'data_classification']) ??
        textAt(data, ['spec', 'security', 'data_classification']),
    ),
    region: textAt(data, ['spec', 'compliance', 'data_residency']),
  };
}

/** A class that OSSA does not have is above none. */
function classesOf(classification: string | undefined): readonly string[] {
  if (classification === undefined) return [];
  const rank = dataClasses.indexOf(classification);
  return rank < 0 ? [classification] : dataClasses.slice(0, rank + 1);
}

function labelsOf(labels: unknown): readonly string[] {
  if (!isData(labels)) return [];
  return Object.entries(labels).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [`${key}=${value}`]
      : [],
  );
}
