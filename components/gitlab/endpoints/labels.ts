import { json } from '../read-body.ts';
import type { GitLab } from '../types.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { firstOf } from './first-of.ts';
import { integer, list, optional, record, text } from './shape.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  source: 'docs.gitlab.com/api/labels',
  path: '/projects/:project/labels',
} as const;

export interface Label {
  readonly id: number;
  readonly name: string;
  /** `#6699cc` */
  readonly color: string;
  readonly description: string | undefined;
}

const labelShape = record<Label>({
  ...{ id: integer, name: text, color: text, description: optional(text) },
});

export type NewLabel = Pick<Label, 'name' | 'color'> & { readonly description?: string };

/** Changes of the labels of a merge request or an issue, by name; GitLab creates names that are new. */
export interface LabelChange {
  /** In place of those it has. */
  readonly labels?: readonly string[];
  /** Besides those it has. */
  readonly addLabels?: readonly string[];
  readonly removeLabels?: readonly string[];
}

/** As GitLab takes a list of labels. Throws a TypeError for a name that would be read as two or as none. */
export function joinLabels(names: readonly string[] | undefined): string | undefined {
  for (const name of names ?? []) {
    if (name.trim() === '' || name.includes(',')) throw new TypeError(`"${name}" is no name of a label`);
  }
  return names?.join(',');
}

export function labelFields({ labels, addLabels, removeLabels }: LabelChange): Record<string, unknown> {
  return {
    labels: joinLabels(labels),
    add_labels: joinLabels(addLabels),
    remove_labels: joinLabels(removeLabels),
  };
}

/** Those of the groups above, too. */
export const listLabels = defineEndpoint(
  {
    ...{ ...common, about: 'List labels', method: 'GET' },
    ...{ role: 'guest', scope: 'read_api', replay: 'idempotent' },
  },
  (call, input: OfProject): AsyncGenerator<Label> => call.list(input, json(list(labelShape))),
);

/** A name that is there already is refused (409), unless our lost request made it. */
export const createLabel = defineEndpoint(
  {
    ...{ ...common, about: 'Create a label', method: 'POST' },
    ...{ role: 'planner', scope: 'api', replay: 'marker' },
  },
  (call, input: OfProject & NewLabel): Promise<Label> => {
    const { name, color, description } = input;
    const found = () => firstOf(listLabels(call.gitlab, input), (label) => label.name === name);
    return call.send(input, json(labelShape), { body: { json: { name, color, description } }, found });
  },
);

/** Creates those of the labels that are missing; the others stay as people made them. */
export async function ensureLabels(
  gitlab: GitLab,
  { project }: OfProject,
  wanted: readonly NewLabel[],
): Promise<readonly Label[]> {
  const names = new Set((await Array.fromAsync(listLabels(gitlab, { project }))).map(({ name }) => name));
  const created: Label[] = [];
  for (const label of wanted) {
    if (!names.has(label.name)) created.push(await createLabel(gitlab, { project, ...label }));
  }
  return created;
}
