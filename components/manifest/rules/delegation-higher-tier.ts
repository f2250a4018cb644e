import { valueAt } from '../../kernel/place.ts';
import { isTier, permissions, permissionsOf, type Tier, textsAt, tierOf, tiers } from '../duties/access.ts';
import { defineRule } from '../rule.ts';

const accessTier = ['spec', 'access', 'tier'];

export const rule = defineRule({
  id: 'delegation-higher-tier',
  severity: 'error',
  about:
    'An agent may delegate to a tier above its own, or an operation that its own tier does not have: whoever talks ' +
    'it into something then acts with rights the agent was never given. Without `spec.access.tier` an agent has the ' +
    'least, tier_1_read.',
  check: ({ data }) => {
    if (valueAt(data, ['spec', 'delegation', 'enabled']) === false) return [];
    const isUnsaid = valueAt(data, accessTier) === undefined;
    const own = isUnsaid ? tiers[0] : tierOf(data);
    if (own === undefined) return [];
    const ownShown = isUnsaid ? `${own} (the least, since spec.access.tier is missing)` : own;
    return [...higherTiers(data, own, ownShown), ...foreignOperations(data, own, ownShown)];
  },
});

function higherTiers(data: unknown, own: Tier, ownShown: string) {
  const named = [
    ...textsAt(data, ['spec', 'delegation', 'allowed_tiers']),
    ...textsAt(data, ['spec', 'separation', 'can_delegate_to']),
  ];
  return named
    .filter(({ value }) => isTier(value) && tiers.indexOf(value) > tiers.indexOf(own))
    .map(({ path, value }) => ({
      path,
      message: `the agent may delegate to ${value}, above its own tier ${ownShown}`,
      expected: `at most ${own}`,
      got: value,
      fix: 'Remove the tier here, or give the agent that tier itself.',
    }));
}

function foreignOperations(data: unknown, own: Tier, ownShown: string) {
  return textsAt(data, ['spec', 'delegation', 'allowed_operations'])
    .filter(({ value }) => permissions.has(value) && !permissionsOf[own].includes(value))
    .map(({ path, value }) => ({
      path,
      message: `the agent may delegate "${value}", which its own tier ${ownShown} does not have`,
      got: value,
      fix: 'Remove the operation here, or give the agent a tier that has it.',
    }));
}
