import { onProject } from '../server/on-project.ts';
import { conflict, invalidParameter, notFound } from '../server/reply.ts';
import type { Access, ProjectCall, Route } from '../server/types.ts';
import type { AccessLevel } from '../world/people.ts';
import type { ProtectedRef } from '../world/project.ts';
import { flagOf, numberOf, textOf } from './given.ts';
import { protectedBranchJson } from './json/protection.ts';

const source = 'docs.gitlab.com/api/protected_branches';
const access: Access = { role: 'maintainer' };
const text = { type: 'string' };
const level = { type: 'integer', enum: [0, 30, 40] };
const flag = { type: 'boolean' };
const path = '/projects/:id/protected_branches';

export const protectedBranchesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access,
    schema: { source, query: { search: text } },
    handle: onProject(({ project, query }) => {
      const search = textOf(query.search) ?? '';
      const rules = project.protectedBranches.filter(({ name }) => name.includes(search));
      return { list: rules.map(protectedBranchJson) };
    }),
  },
  {
    method: 'GET',
    path: `${path}/:name`,
    access,
    schema: { source },
    handle: onProject((call) => ({ json: protectedBranchJson(ruleOf(call)) })),
  },
  {
    method: 'POST',
    path,
    access,
    schema: {
      source,
      body: {
        required: ['name'],
        properties: {
          name: text,
          push_access_level: level,
          merge_access_level: level,
          allow_force_push: flag,
        },
      },
    },
    handle: onProject((call) => ({ json: protectedBranchJson(protect(call)), status: 201 })),
  },
  {
    method: 'PATCH',
    path: `${path}/:name`,
    access,
    schema: { source, body: { properties: { allow_force_push: flag } } },
    handle: onProject((call) => {
      const rule = ruleOf(call);
      rule.allowForcePush = flagOf(call.body.allow_force_push) ?? rule.allowForcePush;
      return { json: protectedBranchJson(rule) };
    }),
  },
  {
    method: 'DELETE',
    path: `${path}/:name`,
    access,
    schema: { source },
    handle: onProject((call) => {
      const rules = call.project.protectedBranches;
      rules.splice(rules.indexOf(ruleOf(call)), 1);
      return { status: 204 };
    }),
  },
];

function ruleOf({ project, params }: ProjectCall): ProtectedRef {
  const rule = project.protectedBranches.find(({ name }) => name === params.name);
  if (rule === undefined) throw notFound();
  return rule;
}

function protect(call: ProjectCall): ProtectedRef {
  const { project, twin } = call;
  const all = call.body;
  const name = textOf(all.name) ?? '';
  if (name === '') throw invalidParameter('name is missing');
  if (project.protectedBranches.some((rule) => rule.name === name)) {
    throw conflict(`Protected branch '${name}' already exists`);
  }
  const rule: ProtectedRef = {
    ...{ id: twin.world.nextId('protected_branch'), name },
    pushLevel: levelOf(all, 'push_access_level'),
    mergeLevel: levelOf(all, 'merge_access_level'),
    allowForcePush: flagOf(all.allow_force_push) ?? false,
  };
  project.protectedBranches.push(rule);
  return rule;
}

const levels: readonly AccessLevel[] = [0, 30, 40];

/** Maintainers, where nothing is said. */
export function levelOf(sent: Readonly<Record<string, unknown>>, name: string): AccessLevel {
  if (sent[name] === undefined) return 40;
  const found = levels.find((one) => one === numberOf(sent[name]));
  if (found === undefined) throw invalidParameter(`${name} does not have a valid value`);
  return found;
}
