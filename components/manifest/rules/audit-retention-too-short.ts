import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { daysOf, shownDays } from '../duties/retention.ts';
import { itemsAt, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

const level = ['spec', 'access', 'audit_level'];

/** Days an audit log is kept at each level, from the description of the field in OSSA's schemas since 0.3.2. */
const daysFor: ReadonlyMap<string, number> = new Map([
  ['standard', 30],
  ['detailed', 90],
  ['comprehensive', 365],
]);
const audits: readonly DataPath[] = [
  ['security', 'audit', 'retention_days'],
  ['spec', 'security', 'audit', 'retention_days'],
  ['spec', 'compliance', 'audit', 'retention_days'],
];

export const rule = defineRule({
  id: 'audit-retention-too-short',
  severity: 'warning',
  about:
    'Audit logs or evidence are kept for fewer days than `spec.access.audit_level` means: standard is 30 days, detailed ' +
    '90, comprehensive 365.',
  check: ({ data }) => {
    const name = textAt(data, level) ?? '';
    const least = daysFor.get(name);
    if (least === undefined) return [];
    const evidence = itemsAt(data, ['spec', 'tools']).flatMap(({ path }) =>
      itemsAt(data, [...path, 'capabilities']).map((item): DataPath => {
        return [...item.path, 'evidence', 'retention_days'];
      }),
    );
    return [...audits, ...evidence].flatMap((path) => {
      const days = daysOf(valueAt(data, path));
      if (days === undefined || days >= least) return [];
      return [
        {
          path,
          message: `${renderPath(path)} is ${shownDays(days)}, but audit level "${name}" means ${least}`,
          expected: `at least ${least}`,
          got: String(days),
        },
      ];
    });
  },
});
