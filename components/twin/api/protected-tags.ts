import { onProject } from '../server/on-project.ts';
import { conflict, invalidParameter, notFound } from '../server/reply.ts';
import type { Access, ProjectCall, Route } from '../server/types.ts';
import type { ProtectedRef } from '../world/project.ts';
import { textOf } from './given.ts';
import { protectedTagJson } from './json/protection.ts';
import { levelOf } from './protected-branches.ts';

const source = 'docs.gitlab.com/api/protected_tags';
const access: Access = { role: 'maintainer' };
const path = '/projects/:id/protected_tags';
const creation = {
  required: ['name'],
  properties: { name: { type: 'string' }, create_access_level: { type: 'integer', enum: [0, 30, 40] } },
};

export const protectedTagsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access,
    schema: { source },
    handle: onProject(({ project }) => ({ list: project.protectedTags.map(protectedTagJson) })),
  },
  {
    method: 'GET',
    path: `${path}/:name`,
    access,
    schema: { source },
    handle: onProject((call) => ({ json: protectedTagJson(ruleOf(call)) })),
  },
  {
    method: 'POST',
    path,
    access,
    schema: { source, body: creation },
    handle: onProject((call) => ({ json: protectedTagJson(protect(call)), status: 201 })),
  },
  {
    method: 'DELETE',
    path: `${path}/:name`,
    access,
    schema: { source },
    handle: onProject((call) => {
      const rules = call.project.protectedTags;
      rules.splice(rules.indexOf(ruleOf(call)), 1);
      return { status: 204 };
    }),
  },
];

function ruleOf({ project, params }: ProjectCall): ProtectedRef {
  const rule = project.protectedTags.find(({ name }) => name === params.name);
  if (rule === undefined) throw notFound();
  return rule;
}

function protect(call: ProjectCall): ProtectedRef {
  const { project, twin } = call;
  const all = call.body;
  const name = textOf(all.name) ?? '';
  if (name === '') throw invalidParameter('name is missing');
  if (project.protectedTags.some((rule) => rule.name === name)) {
    throw conflict(`Protected tag '${name}' already exists`);
  }
  const pushLevel = levelOf(all, 'create_access_level');
  const id = twin.world.nextId('protected_tag');
  const rule: ProtectedRef = { id, name, pushLevel, mergeLevel: pushLevel, allowForcePush: false };
  project.protectedTags.push(rule);
  return rule;
}
