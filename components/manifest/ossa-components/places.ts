import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { extensionsNamed, isData, itemsAt } from '../read-data.ts';
import type { PlacedIssue } from '../structure.ts';
import type { Data, ManifestDocument } from '../types.ts';
import { componentFindings as codes } from './findings.ts';
import { checksSpec } from './versions.ts';

/** OSSA 0.3.5's components; each has its schema in schemas/ossa-components. */
export const components = [
  'completion',
  'checkpointing',
  'experts',
  'moe',
  'bat',
  'capabilities',
  'feedback',
  'infrastructure',
  'flow',
] as const;
export type Component = (typeof components)[number];

export interface PlacedComponent {
  readonly component: Component;
  readonly path: DataPath;
  /** Whether the schema of the document's version says the same of this place. */
  readonly isCheckedElsewhere: boolean;
}

/** The components a document holds, each with its place. */
export function componentsIn(document: ManifestDocument): readonly PlacedComponent[] {
  const { data } = document;
  const extensions = components.flatMap((component) =>
    [['extensions'], ['spec', 'extensions']].map((parent) => placed(component, [...parent, component])),
  );
  return [...extensions, ...ownPlaces(document)]
    .filter(({ path }) => valueAt(data, path) !== undefined)
    .flatMap((found) => [meant(data, found), ...nested(data, found)]);
}

function placed(component: Component, path: DataPath, isCheckedElsewhere = false): PlacedComponent {
  return { component, path, isCheckedElsewhere };
}

/** Places outside of extensions. A Skill and a Validator have specs of their own, in which these names are free. */
function ownPlaces({ data, kind }: ManifestDocument): readonly PlacedComponent[] {
  if (kind === 'Skill' || kind === 'Validator') return [];
  const isChecked = checksSpec(data.apiVersion);
  const root = placed('infrastructure', ['infrastructure']);
  if (kind === 'Flow') return [root, placed('flow', ['spec'], isChecked)];
  if (kind !== 'Agent') return [root];
  return [
    root,
    placed('infrastructure', ['spec', 'infrastructure']),
    placed('completion', ['spec', 'completion'], isChecked),
    placed('checkpointing', ['spec', 'checkpointing'], isChecked),
  ];
}

const tellingFields = {
  experts: ['registry', 'selection_strategy'],
  moe: ['primary', 'secondary', 'operational', 'tracking'],
} as const;

/**
 * What is written under the name of the other of `experts` and `moe` is held to the schema of what it is: that it is
 * misplaced is said by the rule experts-moe-mixed-up.
 */
function meant(data: Data, found: PlacedComponent): PlacedComponent {
  const { component, path } = found;
  if (component !== 'experts' && component !== 'moe') return found;
  const other = component === 'moe' ? 'experts' : 'moe';
  const value = valueAt(data, path);
  const has = (field: string) => isData(value) && Object.hasOwn(value, field);
  const isOther = tellingFields[other].some(has) && !tellingFields[component].some(has);
  return isOther ? { ...found, component: other } : found;
}

/** Upstream's examples write capability discovery one level too deep; its fields are checked there as well. */
function nested(data: Data, { component, path }: PlacedComponent): readonly PlacedComponent[] {
  const inner = [...path, 'discovery'];
  return component === 'capabilities' && isData(valueAt(data, inner)) ? [placed(component, inner)] : [];
}

/** Components and parts of them that stand where OSSA does not look for them. */
export function misplacedIn({ data }: ManifestDocument): readonly PlacedIssue[] {
  return [
    ...(['completion', 'checkpointing'] as const).flatMap((name) => outsideOfSpec(data, name)),
    ...extensionsNamed(data, 'capabilities').flatMap((found) =>
      nested(data, { component: 'capabilities', path: found.path, isCheckedElsewhere: false }).map(tooDeep),
    ),
    ...extensionsNamed(data, 'moe').flatMap(({ path }) => collectionsTooDeep(data, path)),
  ];
}

function outsideOfSpec(data: Data, name: string): readonly PlacedIssue[] {
  return extensionsNamed(data, name).map(({ path }) => ({
    code: codes.PLACE,
    path,
    target: 'key',
    message: `${renderPath(path)} is not looked at: ${name} is read from spec.${name}`,
    expected: `spec.${name}`,
    got: renderPath(path),
    fix: `Move it to spec.${name}.`,
  }));
}

function tooDeep({ path }: PlacedComponent): PlacedIssue {
  const parent = renderPath(path.slice(0, -1));
  return {
    code: codes.PLACE,
    path,
    target: 'key',
    message: `${renderPath(path)} is not looked at: its fields are read from ${parent} itself`,
    expected: `enabled, registry and refresh_interval in ${parent}`,
    got: renderPath(path),
    fix: `Move its fields up to ${parent}.`,
  };
}

function collectionsTooDeep(data: Data, moe: DataPath): readonly PlacedIssue[] {
  const metrics = [
    [...moe, 'primary'],
    ...itemsAt(data, [...moe, 'secondary']).map(({ path }) => path),
    ...itemsAt(data, [...moe, 'operational']).map(({ path }) => path),
  ];
  return metrics.flatMap((metric): readonly PlacedIssue[] => {
    const path = [...metric, 'measurement', 'collection'];
    if (valueAt(data, path) === undefined) return [];
    const right = renderPath([...metric, 'collection']);
    return [
      {
        code: codes.PLACE,
        path,
        target: 'key',
        message: `${renderPath(path)} is not looked at: how a metric is collected is read from ${right}`,
        expected: right,
        got: renderPath(path),
        fix: `Move it to ${right}, beside measurement.`,
      },
    ];
  });
}
