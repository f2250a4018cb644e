import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { daysOf, shownDays } from '../duties/retention.ts';
import { extensionsNamed, isData, type Placed } from '../read-data.ts';
import { defineRule } from '../rule.ts';

/** What keeps data of sessions. Audit logs and metrics are not here: compliance wants them kept long, not short. */
const kept: readonly DataPath[] = [
  ['spec', 'checkpointing', 'retention', 'days'],
  ['spec', 'checkpointing', 'storage', 'retention'],
  ['spec', 'state', 'storage', 'retention'],
  ['spec', 'state', 'retention'],
  ['spec', 'memory', 'retention'],
];
const limitFields = [
  ...['max_retention_days', 'retention_days', 'data_retention_days'],
  ...['max_retention', 'retention', 'data_retention'],
];
const limitNames: ReadonlySet<string> = new Set(
  limitFields.map((field) => field.replaceAll('_', '-')).filter((name) => name.includes('days')),
);

export const rule = defineRule({
  id: 'retention-exceeds-compliance',
  severity: 'warning',
  about:
    'Checkpoints, state or threads are kept longer than the manifest’s own compliance allows. No law that OSSA names has ' +
    'a number, so the limit is what the manifest states: an annotation `max-retention-days` (with any prefix), or a ' +
    'retention field of `spec.compliance`. Keeping them for ever contradicts GDPR (article 5(1)(e)) without any number.',
  check: ({ data }) => {
    const limit = limitsIn(data).sort((a, b) => a.value - b.value)[0];
    const isGdpr = frameworksIn(data).includes('gdpr');
    return retentionsIn(data).flatMap(({ path, value }) => {
      const shown = `${renderPath(path)} keeps data ${value === Infinity ? '' : 'for '}${shownDays(value)}`;
      const fix = 'Shorten the retention, or state the limit that really holds.';
      if (limit !== undefined && value > limit.value) {
        const source = renderPath(limit.path);
        const expected = `at most ${shownDays(limit.value)}`;
        return [{ path, message: `${shown}, longer than ${source} allows`, expected, fix }];
      }
      if (value !== Infinity || !isGdpr) return [];
      return [{ path, message: `${shown}, which GDPR does not allow`, expected: 'a number of days', fix }];
    });
  },
});

function retentionsIn(data: unknown): readonly Placed<number>[] {
  const threads = extensionsNamed(data, 'openai_assistants').map((extension): DataPath => {
    return [...extension.path, 'thread_config', 'retention_days'];
  });
  return [...kept, ...threads].flatMap((path) => daysAt(data, path));
}

/** Every limit the manifest states; the shortest holds. */
function limitsIn(data: unknown): Placed<number>[] {
  const holders: DataPath[] = [
    ['spec', 'compliance'],
    ['spec', 'compliance', 'pii_handling'],
    ['spec', 'security', 'compliance'],
    ['security', 'compliance'],
    ['governance', 'compliance'],
  ];
  const stated = holders.flatMap((path) =>
    limitFields.flatMap((field) => daysAt(data, [...path, field]).slice(0, 1)),
  );
  const annotations = valueAt(data, ['metadata', 'annotations']);
  const noted = isData(annotations)
    ? Object.keys(annotations)
        .filter((key) => limitNames.has(key.slice(key.lastIndexOf('/') + 1).replaceAll('_', '-')))
        .flatMap((key) => daysAt(data, ['metadata', 'annotations', key]))
    : [];
  return [...stated, ...noted];
}

function daysAt(data: unknown, path: DataPath): readonly Placed<number>[] {
  const value = daysOf(valueAt(data, path));
  return value === undefined ? [] : [{ path, value }];
}

function frameworksIn(data: unknown): readonly string[] {
  const lists = [
    ['spec', 'compliance', 'frameworks'],
    ['spec', 'security', 'compliance', 'frameworks'],
  ].map((path) => valueAt(data, path));
  return lists
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .flatMap((name) => (typeof name === 'string' ? [name.toLowerCase()] : []));
}
