import type { User } from '../world/people.ts';
import type { Label, Project } from '../world/project.ts';
import type { Issuable } from '../world/review.ts';
import type { World } from '../world/world.ts';
import { maySetMetadata } from './rights.ts';

/** What a label gets that was not given a color. Source: docs.gitlab.com/user/project/labels */
const defaultColor = '#6699cc';

export interface NewLabel {
  readonly name: string;
  readonly color?: string;
  readonly description?: string;
  readonly priority?: number | null;
}

export function addLabel(world: World, project: Project, label: NewLabel): Label {
  const { name, color = defaultColor, description = '', priority = null } = label;
  const created: Label = { id: world.nextId('label'), name, color, description, priority };
  project.labels.push(created);
  return created;
}

export function findLabel(project: Project, nameOrId: string): Label | undefined {
  const byName = project.labels.find(({ name }) => name === nameOrId);
  if (byName !== undefined || !/^\d+$/.test(nameOrId)) return byName;
  return project.labels.find(({ id }) => id === Number(nameOrId));
}

/** The labels of these names; those that do not exist are made, as GitLab does for who may set labels. */
export function ensureLabels(
  world: World,
  project: Project,
  user: User,
  names: readonly string[],
  kind: Issuable['kind'],
): string[] {
  if (!maySetMetadata(user, project, kind)) return [];
  const wanted = [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
  return wanted.map((name) => (findLabel(project, name) ?? addLabel(world, project, { name })).name);
}

/** Renames a label wherever it stands. */
export function renameLabel(project: Project, label: Label, name: string): void {
  for (const issuable of issuablesOf(project))
    issuable.labels = issuable.labels.map((old) => (old === label.name ? name : old));
  label.name = name;
}

export function removeLabel(project: Project, label: Label): void {
  project.labels.splice(project.labels.indexOf(label), 1);
  for (const issuable of issuablesOf(project))
    issuable.labels = issuable.labels.filter((name) => name !== label.name);
}

function issuablesOf(project: Project): Issuable[] {
  return [...project.mergeRequests.values(), ...project.issues.values()];
}
