import type { User } from '../gitlab/endpoints/user.ts';
import { checkVariable, variableNames } from './check-variables.ts';
import type { ServedFacts } from './facts.ts';
import { ofKnown, ok, unknown, wrong } from './lines.ts';
import { levels, roleName } from './protection.ts';
import type { CheckLine } from './types.ts';

/** A project whose merge requests are decided about. One that cannot be seen has no more lines. */
export function checkServed(
  { path, project, variables, member }: ServedFacts,
  account: User | undefined,
): readonly CheckLine[] {
  const name = variableNames.trigger;
  if (!project.known)
    return [
      unknown(
        path,
        project.reason,
        'Check the path, and use a token of somebody who is a maintainer there too.',
      ),
    ];
  const variable = ofKnown(`${path}: ${name}`, { variables }, (known) =>
    checkVariable(`${path}: ${name}`, name, known.variables, 'open'),
  );
  const role = ofKnown(`${path}: service account`, { member }, (known) =>
    checkMember(`${path}: service account`, known.member, account?.username ?? ''),
  );
  return [ok(path, 'it is there'), variable, ...(account === undefined ? [] : [role])];
}

function checkMember(
  check: string,
  member: { readonly accessLevel: number; readonly state: string } | undefined,
  username: string,
): CheckLine {
  const expected = `${username} as an active developer`;
  const fix = `Manage > Members: ${username} as developer: less cannot set labels, and more is more to lose with its token.`;
  if (member === undefined) return wrong(check, { expected, got: roleName(levels.nobody), fix });
  if (member.state !== 'active')
    return wrong(check, { expected, got: `a member who is ${member.state}`, fix });
  if (member.accessLevel === levels.developer) return ok(check, `${username} is a developer`);
  return wrong(check, { expected, got: roleName(member.accessLevel), fix });
}
