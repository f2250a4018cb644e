import { valueAt } from '../../kernel/place.ts';
import { type Placed, textAt } from '../read-data.ts';

/** OSSA's access tiers, from the least trusted on. */
export const tiers = [
  'tier_1_read',
  'tier_2_write_limited',
  'tier_3_write_elevated',
  'tier_4_policy',
] as const;
export type Tier = (typeof tiers)[number];

const reading = [
  'read_code',
  'read_configs',
  'read_metrics',
  'read_logs',
  'read_issues',
  'read_mrs',
  'execute_queries',
];
const drafting = [
  'write_docs',
  'write_tests',
  'write_scaffolds',
  'write_configs_draft',
  'create_issues',
  'create_mrs_draft',
  'execute_sandboxed',
];
const production = [
  'write_production_code',
  'merge_mrs',
  'delete_branches',
  'modify_infrastructure',
  'modify_secrets',
  'execute_deployments',
  'modify_pipelines',
  'modify_configs',
  'execute_commands',
];
const ruling = ['define_policies', 'publish_policies', 'audit_compliance', 'report_violations'];

/**
 * What each tier may ask for: the same lists as in the default policies tier-1-permissions to tier-4-permissions, which
 * deny a run that asks for more. Tier 4 reads and rules, and writes nothing else.
 */
export const permissionsOf: Readonly<Record<Tier, readonly string[]>> = {
  tier_1_read: reading,
  tier_2_write_limited: [...reading, ...drafting],
  tier_3_write_elevated: [...reading, ...drafting, ...production],
  tier_4_policy: [...reading, ...ruling],
};

/** Every permission OSSA has; what is none of them is the structure pass's business. */
export const permissions: ReadonlySet<string> = new Set(Object.values(permissionsOf).flat());

export function isTier(value: unknown): value is Tier {
  return tiers.some((tier) => tier === value);
}

/** `spec.access.tier`; undefined where it is missing or none of OSSA's. */
export function tierOf(data: unknown): Tier | undefined {
  const tier = textAt(data, ['spec', 'access', 'tier']);
  return isTier(tier) ? tier : undefined;
}

/** The tiers that have a permission, the least trusted first. */
export function tiersWith(permission: string): readonly Tier[] {
  return tiers.filter((tier) => permissionsOf[tier].includes(permission));
}

/** The texts in the list at a path, each with its place. */
export function textsAt(root: unknown, path: Placed<string>['path']): readonly Placed<string>[] {
  const list = valueAt(root, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((value, index) =>
    typeof value === 'string' ? [{ path: [...path, index], value }] : [],
  );
}
