import { renderPath } from '../../kernel/place.ts';
import { textsAt } from '../duties/access.ts';
import { textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

const rolePaths = [
  ['spec', 'separation', 'role'],
  ['spec', 'type'],
  ['metadata', 'agentKind'],
];

/** The permission that does what a prohibited action names. */
const permissionFor: ReadonlyMap<string, string> = new Map([
  ['merge', 'merge_mrs'],
  ['deploy', 'execute_deployments'],
  ['delete', 'delete_branches'],
  ['execute', 'execute_commands'],
  ['modify_production', 'write_production_code'],
  ['define_policies', 'define_policies'],
]);

export const rule = defineRule({
  id: 'duties-conflict',
  severity: 'error',
  about:
    'Separation of duties contradicts itself: the agent has a role that it lists in `conflicts_with`, or a ' +
    'permission for what its `prohibited_actions` forbid.',
  check: ({ data }) => [...ownRoles(data), ...prohibitedPermissions(data)],
});

function ownRoles(data: unknown) {
  return textsAt(data, ['spec', 'separation', 'conflicts_with']).flatMap(({ path, value }) => {
    const source = rolePaths.find((rolePath) => textAt(data, rolePath) === value);
    if (source === undefined) return [];
    const message = `the agent conflicts with itself: "${value}" is what it is by ${renderPath(source)}`;
    return [{ path, message, got: value, fix: 'Remove it here, or give the agent another role.' }];
  });
}

function prohibitedPermissions(data: unknown) {
  const granted = new Map(textsAt(data, ['spec', 'access', 'permissions']).map((item) => [item.value, item]));
  const prohibited = textsAt(data, ['spec', 'separation', 'prohibited_actions']);
  return prohibited.flatMap(({ path, value }) => {
    const permission = granted.get(permissionFor.get(value) ?? '');
    if (permission === undefined) return [];
    return [
      {
        path: permission.path,
        message: `the permission "${permission.value}" allows what ${renderPath(path)} prohibits: "${value}"`,
        got: permission.value,
        fix: 'Remove one of the two.',
      },
    ];
  });
}
