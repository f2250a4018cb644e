import { addLabel, findLabel, removeLabel, renameLabel } from '../review/labels.ts';
import { onProject } from '../server/on-project.ts';
import { conflict, invalidParameter, invalidRecord, notFound } from '../server/reply.ts';
import type { Access, ProjectCall, Reply, Route } from '../server/types.ts';
import type { Label } from '../world/project.ts';
import { flagOf, numberOf, textOf } from './given.ts';
import { projectLabelJson } from './json/label.ts';

const read: Access = { role: 'anyone' };
const write: Access = { role: 'planner' };
const path = '/projects/:id/labels';

export const labelsRoutes: readonly Route[] = [
  { method: 'GET', path, access: read, handle: onProject(list) },
  { method: 'POST', path, access: write, handle: onProject(create) },
  // The older forms name the label in the parameters.
  { method: 'PUT', path, access: write, handle: onProject(update) },
  { method: 'DELETE', path, access: write, handle: onProject(remove) },
  {
    method: 'GET',
    path: `${path}/:name`,
    access: read,
    handle: onProject((call) => ({ json: projectLabelJson(call.project, labelOf(call), false) })),
  },
  { method: 'PUT', path: `${path}/:name`, access: write, handle: onProject(update) },
  { method: 'DELETE', path: `${path}/:name`, access: write, handle: onProject(remove) },
];

function list({ project, query }: ProjectCall): Reply {
  const search = textOf(query.search)?.toLowerCase() ?? '';
  const found = project.labels
    .filter(({ name, description }) => `${name}\n${description}`.toLowerCase().includes(search))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const withCounts = flagOf(query.with_counts) ?? false;
  return { list: found.map((label) => projectLabelJson(project, label, withCounts)) };
}

function create(call: ProjectCall): Reply {
  const { twin, project } = call;
  const sent = call.body;
  const name = textOf(sent.name)?.trim();
  if (name === undefined) throw invalidParameter('name is missing');
  const color = colorIn(sent.color);
  if (color === undefined) throw invalidParameter('color is missing');
  assertName(name);
  if (findByName(call, name) !== undefined) throw conflict('Label already exists');
  const priority = priorityIn(sent.priority) ?? null;
  const label = addLabel(twin.world, project, {
    name,
    color,
    description: textOf(sent.description) ?? '',
    priority,
  });
  return { status: 201, json: projectLabelJson(project, label, false) };
}

function update(call: ProjectCall): Reply {
  const { project } = call;
  const label = labelOf(call);
  const sent = call.body;
  const name = textOf(sent.new_name)?.trim();
  const changed = ['new_name', 'color', 'description', 'priority', 'archived'].some(
    (key) => sent[key] !== undefined,
  );
  if (!changed)
    throw invalidParameter(
      'new_name, color, description, priority, archived are missing, at least one parameter must be provided',
    );
  const color = colorIn(sent.color);
  const priority = priorityIn(sent.priority);
  if (name !== undefined && name !== label.name) {
    assertName(name);
    if (findByName(call, name) !== undefined) throw invalidRecord({ title: ['has already been taken'] });
    renameLabel(project, label, name);
  }
  label.color = color ?? label.color;
  label.description = textOf(sent.description) ?? label.description;
  if (priority !== undefined) label.priority = priority;
  return { json: projectLabelJson(project, label, false) };
}

function remove(call: ProjectCall): Reply {
  removeLabel(call.project, labelOf(call));
  return { status: 204 };
}

/** By name or number, in the path or in the parameters. */
function labelOf(call: ProjectCall): Label {
  const sent = call.body;
  const wanted = call.params.name ?? textOf(sent.label_id) ?? textOf(sent.name);
  if (wanted === undefined)
    throw invalidParameter('label_id, name are missing, exactly one parameter must be provided');
  const found = findLabel(call.project, wanted);
  if (found === undefined) throw notFound('Label');
  return found;
}

function findByName({ project }: ProjectCall, wanted: string): Label | undefined {
  return project.labels.find(({ name }) => name === wanted);
}

function assertName(name: string): void {
  if (name === '') throw invalidRecord({ title: ["can't be blank"] });
  if (/[,]/.test(name)) throw invalidRecord({ title: ['is invalid'] });
  if (name.length > 255) throw invalidRecord({ title: ['is too long (maximum is 255 characters)'] });
}

/** `#RRGGBB`, its short form, or one of CSS's names. */
function colorIn(sent: unknown): string | undefined {
  const color = textOf(sent)?.trim();
  if (color === undefined) return undefined;
  if (/^#[0-9a-f]{6}$/i.test(color)) return color;
  if (/^#[0-9a-f]{3}$/i.test(color)) return color.replace(/[0-9a-f]/gi, '$&$&');
  const known = new Map(Object.entries(namedColors)).get(color.toLowerCase());
  if (known === undefined) throw invalidRecord({ color: ['must be a valid color code'] });
  return known;
}

/** CSS's sixteen basic names. */
const namedColors = {
  ...{ black: '#000000', silver: '#c0c0c0', gray: '#808080', white: '#ffffff', maroon: '#800000' },
  ...{ red: '#ff0000', purple: '#800080', fuchsia: '#ff00ff', green: '#008000', lime: '#00ff00' },
  ...{
    olive: '#808000',
    yellow: '#ffff00',
    navy: '#000080',
    blue: '#0000ff',
    teal: '#008080',
    aqua: '#00ffff',
  },
};

function priorityIn(sent: unknown): number | null | undefined {
  if (sent === undefined) return undefined;
  if (sent === null || sent === '') return null;
  const priority = numberOf(sent);
  if (priority === undefined || priority < 0) throw invalidParameter('priority is invalid');
  return priority;
}
