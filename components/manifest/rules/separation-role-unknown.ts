import { nearest } from '../../kernel/suggest.ts';
import { textsAt, tiers } from '../duties/access.ts';
import { defineRule } from '../rule.ts';

/** The roles of `spec.separation.role`, and what else names an agent's work: `spec.type`. */
const roles = [
  ...['analyzer', 'auditor', 'scanner', 'reviewer', 'monitor', 'generator', 'scaffolder', 'documenter'],
  ...['test_writer', 'deployer', 'operator', 'executor', 'maintainer', 'governor', 'policy_definer'],
  ...['compliance_officer', 'approver', 'critic', 'remediator', 'enforcer'],
  ...['worker', 'supervisor', 'orchestrator', 'specialist'],
];

export const rule = defineRule({
  id: 'separation-role-unknown',
  severity: 'warning',
  about:
    'A name in `conflicts_with` or `can_delegate_to` is almost that of a role. OSSA takes any text there, so a slip ' +
    'is no error of structure, but the conflict would never be found.',
  check: ({ data }) => [
    ...misspelt(data, 'conflicts_with', roles),
    ...misspelt(data, 'can_delegate_to', [...roles, ...tiers]),
  ],
});

function misspelt(data: unknown, field: string, known: readonly string[]) {
  return textsAt(data, ['spec', 'separation', field]).flatMap(({ path, value }) => {
    if (known.includes(value)) return [];
    const near = nearest(value, known);
    if (near === undefined) return [];
    const expected = `one of: ${known.join(', ')}`;
    return [{ path, message: `"${value}" is no role that OSSA has`, expected, got: value, suggestion: near }];
  });
}
