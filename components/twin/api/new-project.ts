import { invalidRecord, notFound } from '../server/reply.ts';
import { isAtLeastRole } from '../world/access.ts';
import type { User } from '../world/people.ts';
import { findProject, type World } from '../world/world.ts';
import { textOf } from './given.ts';
import { namespaceOf } from './json/project.ts';

type Given = Readonly<Record<string, unknown>>;

/**
 * The full path of a project to create: in the namespace asked for, else in its creator's own.
 *
 * @throws Refusal 404 for a namespace its creator has no rights in, 400 for a path that is taken or none
 */
export function newPath(world: World, user: User, sent: Given, last: string, takenStatus = 400): string {
  const namespace = namespaceFor(world, user, sent);
  if (!/^[A-Za-z0-9_][\w.-]*$/.test(last) || /\.(git|atom)$/.test(last)) {
    throw invalidRecord({ path: ["can contain only letters, digits, '_', '-' and '.'."] });
  }
  const path = `${namespace}/${last}`;
  if (findProject(world, path) === undefined) return path;
  const taken = 'has already been taken';
  throw invalidRecord({ 'project_namespace.name': [taken], name: [taken], path: [taken] }, takenStatus);
}

/** Groups are not kept: one is known by its projects, and its maintainers are those of one of them. */
function namespaceFor(world: World, user: User, sent: Given): string {
  const id = textOf(sent.namespace_id) ?? textOf(sent.namespace);
  const byId = id === undefined ? undefined : world.projects.get(Number(id));
  const wanted =
    textOf(sent.namespace_path) ?? (byId === undefined ? id : namespaceOf(byId)) ?? user.username;
  if (wanted.toLowerCase() === user.username.toLowerCase()) return user.username;
  const projects = [...world.projects.values()].filter(
    (project) => namespaceOf(project).toLowerCase() === wanted.toLowerCase(),
  );
  const [first] = projects;
  const may = user.admin || projects.some((project) => isAtLeastRole(user, project, 'maintainer'));
  if (first === undefined || !may) throw notFound('Target Namespace');
  return namespaceOf(first);
}

/** `My Project!` is `my-project`. */
export function pathOfName(name: string): string {
  const plain = name.normalize('NFKD').replace(/[^\w.-]+/g, '-');
  return plain.replace(/^[-.]+|[-.]+$/g, '').toLowerCase();
}
