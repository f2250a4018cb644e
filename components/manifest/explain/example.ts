import { formats } from '../../kernel/schema-terms.ts';
import { type FieldNode, followed, stepsOf } from './field-tree.ts';
import type { FieldForm, FieldShape } from './types.ts';

/** Fields of a composed example beside those that must stand. */
const mostChosen = 4;
const deepest = 4;
/** Stands where any text does. */
const anyText = '…';

/** A value that fits a field, where one can be given that says something. */
export function exampleOf(root: FieldNode, node: FieldNode, members: readonly number[], sets: Sets): unknown {
  const example = compose(root, node, { members, sets, depth: 0 });
  return example === anyText ? undefined : example;
}

type Sets = readonly (readonly number[])[];

interface Choice {
  /** Versions and kinds the example is for. */
  readonly members: readonly number[];
  readonly sets: Sets;
  readonly depth: number;
}

/** The newest of the shapes that are meant. */
export function newestShape(
  shapes: readonly FieldShape[],
  members: readonly number[],
  sets: Sets,
): FieldShape | undefined {
  const newest = (shape: FieldShape) =>
    Math.max(-1, ...(sets[shape.in] ?? []).filter((one) => members.includes(one)));
  return shapes.filter((shape) => newest(shape) >= 0).toSorted((a, b) => newest(b) - newest(a))[0];
}

function compose(root: FieldNode, node: FieldNode, choice: Choice): unknown {
  const { field } = node;
  const shape = newestShape(field?.shapes ?? [], choice.members, choice.sets);
  if (field === undefined || shape === undefined || choice.depth > deepest) return undefined;
  const [form] = shape.forms;
  if (field.example !== undefined) return field.example;
  if (form?.values !== undefined) return form.values[0];
  const inside = followed(root, node);
  const type = form?.types?.[0];
  if (type === 'object' || (type === undefined && inside.fields.size > 0))
    return composeMapping(root, inside, choice);
  if (type === 'array') return composeList(root, inside, choice);
  return form === undefined ? undefined : scalarOf(form);
}

function composeMapping(root: FieldNode, node: FieldNode, choice: Choice): unknown {
  const deeper = { ...choice, depth: choice.depth + 1 };
  const chosen: [string, unknown][] = [];
  for (const [name, child] of node.fields) {
    const shape = newestShape(child.field?.shapes ?? [], choice.members, choice.sets);
    if (shape === undefined) continue;
    const has = child.field?.example !== undefined && shape.forms.some(({ when }) => when === undefined);
    if (shape.required !== true && !(has && chosen.length < mostChosen)) continue;
    const value = compose(root, child, deeper);
    // Without what must stand it would be a wrong example.
    if (value === undefined && shape.required === true) return undefined;
    chosen.push([name === '*' ? 'name' : name, value]);
  }
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}

function composeList(root: FieldNode, { items }: FieldNode, choice: Choice): unknown {
  const item = items === undefined ? undefined : compose(root, items, { ...choice, depth: choice.depth + 1 });
  return item === undefined ? undefined : [item];
}

function scalarOf({ types = [], limits = {} }: FieldForm): unknown {
  const [type] = types;
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number')
    return limits.minimum ?? (limits.exclusiveMinimum === undefined ? 1 : undefined);
  if (type !== 'string' || limits.pattern !== undefined) return undefined;
  if (limits.format !== undefined) return /such as (\S+)$/.exec(formats[String(limits.format)] ?? '')?.[1];
  return Number(limits.minLength ?? 0) <= 1 ? anyText : undefined;
}

/** The example at its place in a manifest, from the root on. */
export function placed(path: string, example: unknown): unknown {
  return stepsOf(path).reduceRight((value, step) => {
    if (step === '[]') return [value];
    return { [step === '*' ? 'name' : step]: value };
  }, example);
}
