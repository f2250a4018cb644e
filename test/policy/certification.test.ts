import { expect, test } from 'vitest';
import { certificationOf, certificationRank } from '../../components/policy/certification.ts';
import type { Certification } from '../../components/policy/types.ts';

const [mine, other] = ['sha256:aa', 'sha256:bb'] as const;
const at = (time: string) => Date.parse(time);

function certified(level: Certification['level'], more: Partial<Certification> = {}): Certification {
  return { name: level, manifest: mine, level, reason: 'read', ...more };
}

test.each([
  ['none', [], 'none'],
  ['one', [certified('silver')], 'silver'],
  ['the highest counts', [certified('gold'), certified('bronze')], 'gold'],
  ['of other bytes', [certified('gold', { manifest: other })], 'none'],
  ['on its last day', [certified('gold', { until: '2026-05-04' })], 'gold'],
  ['after its last day', [certified('gold', { until: '2026-05-03' })], 'none'],
  [
    'one that is over beside one that holds',
    [certified('gold', { until: '2025-12-31' }), certified('bronze')],
    'bronze',
  ],
] as const)('%s', (_, certifications, level) => {
  expect(certificationOf(certifications, mine, at('2026-05-04T23:59:59.999Z'))).toBe(level);
});

test('levels as numbers', () => {
  expect((['none', 'bronze', 'silver', 'gold'] as const).map(certificationRank)).toEqual([0, 1, 2, 3]);
});
