import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { daysOf, shownDays } from '../../../components/manifest/duties/retention.ts';
import { rule } from '../../../components/manifest/rules/retention-exceeds-compliance.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

const annotated = 'kind: Agent\nmetadata: {annotations: {example.org/max-retention-days: "30"}}\n';
const source = 'metadata.annotations["example.org/max-retention-days"]';

test.each([
  ['spec: {checkpointing: {retention: {days: 31}}}', 'spec.checkpointing.retention.days', 'for 31 days'],
  [
    'spec: {checkpointing: {storage: {retention: 2mo}}}',
    'spec.checkpointing.storage.retention',
    'for 60 days',
  ],
  ['spec: {state: {storage: {retention: 7years}}}', 'spec.state.storage.retention', 'for 2555 days'],
  ['spec: {state: {storage: {retention: forever}}}', 'spec.state.storage.retention', 'for ever'],
  [
    'extensions: {openai_assistants: {thread_config: {retention_days: 90}}}',
    'extensions.openai_assistants.thread_config.retention_days',
    'for 90 days',
  ],
])('longer than an annotation allows: %s', (yaml, place, shown) => {
  expect(apply(rule, annotated + yaml)).toEqual([
    `${place}: ${place} keeps data ${shown}, longer than ${source} allows`,
  ]);
});

test('the shortest of several limits holds', () => {
  const yaml =
    'kind: Agent\nspec: {compliance: {retention_days: 60, pii_handling: {retention_days: 10}}, ' +
    'checkpointing: {retention: {days: 20}}}';
  expect(apply(rule, yaml)).toEqual([
    'spec.checkpointing.retention.days: spec.checkpointing.retention.days keeps data for 20 days, longer than ' +
      'spec.compliance.pii_handling.retention_days allows',
  ]);
});

test.each([
  'spec: {checkpointing: {retention: {days: 30}}}',
  'spec: {state: {storage: {retention: 720h}}}',
  'spec: {compliance: {audit: {retention_days: 2555}}}',
  'extensions: {moe: {tracking: {retention_days: 365}}}',
])('within the limit, or not kept of a session: %s', (yaml) => {
  expect(apply(rule, annotated + yaml)).toEqual([]);
});

test('for ever under GDPR, without any number', () => {
  const state = (frameworks: string, retention: string) =>
    `kind: Agent\nspec: {compliance: {frameworks: ${frameworks}}, state: {storage: {retention: ${retention}}}}`;
  expect(apply(rule, state('[SOC2, GDPR]', 'forever'))).toEqual([
    'spec.state.storage.retention: spec.state.storage.retention keeps data for ever, which GDPR does not allow',
  ]);
  expect(apply(rule, state('[SOC2]', 'forever'))).toEqual([]);
  expect(apply(rule, state('[GDPR]', '10y'))).toEqual([]);
});

test.each([
  ['30d', 30],
  ['30 days', 30],
  ['12h', 0.5],
  ['90m', 0.0625],
  ['2w', 14],
  ['1y', 365],
  ['45', 45],
  [7, 7],
  ['Forever', Infinity],
  ['soon', undefined],
  ['10 parsecs', undefined],
  ['-3d', undefined],
  [-3, undefined],
  [Number.NaN, undefined],
  [null, undefined],
])('%s', (value, days) => {
  expect(daysOf(value)).toBe(days);
});

test('days in words', () => {
  expect([1, 30, 0.5, Infinity].map(shownDays)).toEqual(['1 day', '30 days', '0.5 days', 'for ever']);
});

test.each(wrongTypes.filter((value) => value !== '7'))('%s where retention and limits stand', (value) => {
  expect(apply(rule, `${annotated}spec: {checkpointing: {retention: ${value}}, state: ${value}}`)).toEqual(
    [],
  );
  expect(apply(rule, `${annotated}spec: {checkpointing: {retention: {days: ${value}}}}`)).toEqual([]);
  const kept = 'checkpointing: {retention: {days: 300}}';
  expect(apply(rule, `kind: Agent\nspec: {compliance: ${value}, ${kept}}`)).toEqual([]);
  expect(
    apply(
      rule,
      `kind: Agent\nmetadata: {annotations: ${value}}\nspec: {compliance: {frameworks: ${value}}, ${kept}}`,
    ),
  ).toEqual([]);
});

test('RULE_RETENTION_EXCEEDS_COMPLIANCE is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  compliance: {frameworks: [GDPR]}
  state:
    storage:
      retention: forever
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '9 warning RULE_RETENTION_EXCEEDS_COMPLIANCE',
  ]);
});
