import { permissions, permissionsOf, type Tier, textsAt, tierOf, tiersWith } from '../duties/access.ts';
import { defineRule } from '../rule.ts';

const meaning: Readonly<Record<Tier, string>> = {
  tier_1_read: 'reads only',
  tier_2_write_limited: 'writes drafts only',
  tier_3_write_elevated: 'does not define policies',
  tier_4_policy: 'reads and defines policies only',
};

export const rule = defineRule({
  id: 'tier-permissions',
  severity: 'error',
  about:
    'A permission in `spec.access.permissions` goes beyond the tier in `spec.access.tier`. What an agent is trusted ' +
    'with is decided by its tier, and the default policies deny a run that asks for more.',
  check: ({ data }) => {
    const tier = tierOf(data);
    if (tier === undefined) return [];
    return textsAt(data, ['spec', 'access', 'permissions'])
      .filter(({ value }) => permissions.has(value) && !permissionsOf[tier].includes(value))
      .map(({ path, value }) => ({
        path,
        message: `the permission "${value}" goes beyond ${tier}, which ${meaning[tier]}`,
        expected: `one of: ${permissionsOf[tier].join(', ')}`,
        got: value,
        fix: `Remove it, or leave it to an agent of ${tiersWith(value)[0]}.`,
      }));
  },
});
