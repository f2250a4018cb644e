import { onProject } from '../server/on-project.ts';
import { conflict, notFound, Refusal } from '../server/reply.ts';
import type { Access, ProjectCall, Route } from '../server/types.ts';
import { type AccessLevel, accessLevels } from '../world/people.ts';
import type { ProtectedEnvironment } from '../world/project.ts';
import { numberOf, recordsOf, textOf } from './given.ts';

const access: Access = { role: 'maintainer', tier: 'premium', anonymous: false };
const all = '/projects/:id/protected_environments';
const levels: Readonly<Record<number, string>> = {
  30: 'Developers + Maintainers',
  40: 'Maintainers',
  60: 'Administrators',
};

/** Rules by role; of single users and groups the twin has none. Source: docs.gitlab.com/api/protected_environments */
export const protectedEnvironmentsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: all,
    access,
    handle: onProject(({ project }) => ({ list: [...project.protectedEnvironments.values()].map(toJson) })),
  },
  {
    method: 'POST',
    path: all,
    access,
    handle: onProject((call) => {
      const { name, required_approval_count } = call.body;
      const written: ProtectedEnvironment = {
        name: textOf(name) ?? '',
        deployLevels: levelsIn(call.body),
        requiredApprovals: approvalsIn(required_approval_count) ?? 0,
      };
      const { protectedEnvironments } = call.project;
      if (protectedEnvironments.has(written.name))
        throw conflict(`Protected environment '${written.name}' already exists`);
      protectedEnvironments.set(written.name, written);
      return { json: toJson(written), status: 201 };
    }),
  },
  {
    method: 'GET',
    path: `${all}/:name`,
    access,
    handle: onProject((call) => ({ json: toJson(environmentOf(call)) })),
  },
  {
    method: 'PUT',
    path: `${all}/:name`,
    access,
    handle: onProject((call) => {
      const before = environmentOf(call);
      const sent = call.body;
      const changed: ProtectedEnvironment = {
        name: before.name,
        deployLevels: sent.deploy_access_levels === undefined ? before.deployLevels : levelsIn(sent),
        requiredApprovals: approvalsIn(sent.required_approval_count) ?? before.requiredApprovals,
      };
      call.project.protectedEnvironments.set(before.name, changed);
      return { json: toJson(changed) };
    }),
  },
  {
    method: 'DELETE',
    path: `${all}/:name`,
    access,
    handle: onProject((call) => {
      call.project.protectedEnvironments.delete(environmentOf(call).name);
      return { status: 204 };
    }),
  },
];

function environmentOf({ project, params }: ProjectCall): ProtectedEnvironment {
  const found = project.protectedEnvironments.get(params.name ?? '');
  if (found === undefined) throw notFound();
  return found;
}

/** @throws Refusal 422 without a role, 501 for a rule of a user or a group */
function levelsIn({
  deploy_access_levels,
  approval_rules,
}: Readonly<Record<string, unknown>>): AccessLevel[] {
  const rules = recordsOf(deploy_access_levels);
  const isOfSomebody = rules.some(({ user_id, group_id, id }) => user_id ?? group_id ?? id);
  if (isOfSomebody || approval_rules !== undefined)
    throw new Refusal(501, {
      error: 'the twin protects environments by deploy_access_levels with an access_level only',
    });
  const found = rules.flatMap(({ access_level }) => levelIn(numberOf(access_level)) ?? []);
  if (found.length === 0) throw new Refusal(422, { message: ['Deploy access levels is invalid'] });
  return found;
}

function levelIn(level: number | undefined): AccessLevel | undefined {
  return Object.values(accessLevels).find((known) => known === level && level >= accessLevels.developer);
}

function approvalsIn(value: unknown): number | undefined {
  const count = numberOf(value);
  if (count !== undefined && (count < 0 || count > 5))
    throw new Refusal(422, { message: ['Required approval count must be between 0 and 5'] });
  return count;
}

function toJson({
  name,
  deployLevels,
  requiredApprovals,
}: ProtectedEnvironment): Readonly<Record<string, unknown>> {
  return {
    name,
    deploy_access_levels: deployLevels.map((level, index) => ({
      ...{ id: index + 1, access_level: level, access_level_description: levels[level] ?? 'Owners' },
      ...{ user_id: null, group_id: null, group_inheritance_type: 0 },
    })),
    required_approval_count: requiredApprovals,
    approval_rules: [],
  };
}
