import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { textsAt } from '../duties/access.ts';
import { isData, itemsAt, type Placed, textAt } from '../read-data.ts';
import type { RuleIssue } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { Data } from '../types.ts';

const detections: readonly DataPath[] = [
  ['spec', 'safety', 'pii_detection'],
  ['spec', 'safety', 'guardrails', 'pii_detection'],
];
const handling: DataPath = ['spec', 'compliance', 'pii_handling'];
const actions = 'one of: warn, block, redact';

/** Classes of data that are about people: OSSA's compliance tags, and what manifests call them. */
const personal: ReadonlySet<string> = new Set([
  ...['pii', 'phi', 'pci', 'gdpr', 'hipaa', 'personal', 'personal_data', 'sensitive_personal_data'],
  ...['special_category', 'health', 'cardholder'],
]);
const classFields = [
  'classification',
  'data_classification',
  'data_class',
  'data_classes',
  'compliance_tags',
];

export const rule = defineRule({
  id: 'pii-action-missing',
  severity: 'warning',
  about:
    'Personal data is looked for or declared (`pii_detection`, a class such as `pii` on a tool or a knowledge source, a ' +
    'framework that protects it), but nothing says what is done with it.',
  check: ({ data }) => [...silentDetections(data), ...unhandled(data)],
});

function silentDetections(data: unknown): readonly RuleIssue[] {
  return detections.flatMap((path) => {
    const detection = valueAt(data, path);
    if (!isData(detection) || detection.enabled === false || detection.action !== undefined) return [];
    const types = [detection.types, detection.categories].find(
      (list) => Array.isArray(list) && list.length > 0,
    );
    if (detection.enabled !== true && types === undefined) return [];
    const message = `${renderPath(path)} finds personal data, but has no action`;
    return [{ path, message, expected: actions, fix: 'Add the action.' }];
  });
}

function unhandled(data: unknown): readonly RuleIssue[] {
  const acts = detections.some((path) => textAt(data, [...path, 'action']) !== undefined);
  const handled = textAt(data, handling);
  if (acts || (handled !== undefined && handled !== 'none')) return [];
  const declared = [...classesIn(data), ...protectingFrameworks(data)];
  const fix = 'Set spec.safety.pii_detection.action or spec.compliance.pii_handling.';
  if (handled === 'none') {
    const [first] = declared;
    if (first === undefined) return [];
    const message = `${renderPath(handling)} is "none", but ${renderPath(first.path)} is "${first.value}"`;
    return [{ path: handling, message, expected: 'one of: encrypt_at_rest, anonymize, redact', fix }];
  }
  return classesIn(data).map(({ path, value }) => ({
    path,
    message: `${renderPath(path)} is "${value}", but nothing says what is done with personal data`,
    fix,
  }));
}

function classesIn(data: unknown): readonly Placed<string>[] {
  return [
    ['spec', 'knowledge_sources'],
    ['spec', 'tools'],
  ]
    .flatMap((path) => itemsAt(data, path))
    .flatMap(({ path, value }): readonly Placed<Data>[] => [
      { path, value },
      ...(isData(value.config) ? [{ path: [...path, 'config'], value: value.config }] : []),
      ...itemsAt(value, ['capabilities']).map((item) => ({ ...item, path: [...path, ...item.path] })),
    ])
    .flatMap(classesOf)
    .filter(({ value }) => personal.has(value.toLowerCase().replace(/[- ]/g, '_')));
}

function classesOf({ path, value }: Placed<Data>): readonly Placed<string>[] {
  return classFields
    .filter((field) => Object.hasOwn(value, field))
    .flatMap((field) => {
      const one = textAt(value, [field]);
      if (one !== undefined) return [{ path: [...path, field], value: one }];
      return textsAt(value, [field]).map((item) => ({ ...item, path: [...path, ...item.path] }));
    });
}

function protectingFrameworks(data: unknown): readonly Placed<string>[] {
  return textsAt(data, ['spec', 'compliance', 'frameworks']).filter(({ value }) =>
    ['GDPR', 'HIPAA'].includes(value.toUpperCase()),
  );
}
