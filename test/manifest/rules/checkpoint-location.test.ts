import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/checkpoint-location.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

const place = 'spec.checkpointing.storage.location';

function storage(backend: string, location?: string): string {
  const rest = location === undefined ? '' : `, location: ${JSON.stringify(location)}`;
  return `kind: Agent\nspec: {checkpointing: {storage: {backend: ${backend}${rest}}}}`;
}

test('a placeholder that nothing fills in, once a name', () => {
  const yaml = storage('s3', 's3://b/{agent_id}/{sesion_id}/{sesion_id}/{date}');
  expect(apply(rule, yaml)).toEqual([
    `${place}: ${place} holds the placeholder {sesion_id}, which nothing fills in`,
    `${place}: ${place} holds the placeholder {date}, which nothing fills in`,
  ]);
  const data = { spec: { checkpointing: { storage: { backend: 'local', location: '/c/{sesion_id}' } } } };
  expect(rule.check({ index: 0, data, kind: 'Agent' })[0]?.suggestion).toBe('{session_id}');
});

test.each([
  ['s3', 'file:///builds/ckpt'],
  ['s3', '/builds/ckpt'],
  ['s3', 'redis://store:6379'],
  ['local', 's3://bucket/ckpt'],
  ['local', 'https://example.org/ckpt'],
])('%s cannot write to %s', (backend, location) => {
  expect(apply(rule, storage(backend, location))).toEqual([
    `${place}: backend ${backend} cannot write to "${location}"`,
  ]);
});

test('s3 without a location', () => {
  expect(apply(rule, storage('s3'))).toEqual([
    `spec.checkpointing.storage: ${place} is missing, and backend s3 has no other place to write to`,
  ]);
});

test.each([
  ['s3', 's3://bucket/{agent_id}/{session_id}'],
  ['s3', 'https://minio.example.org/bucket'],
  ['s3', '\u0024{CHECKPOINTS}/{session_id}'],
  ['s3', 's3://\u0024{BUCKET:-ckpt}/{session_id}'],
  ['local', 'file:///builds/ckpt'],
  ['local', './ckpt/{session_id}'],
  ['local', undefined],
  ['agent-brain', 's3://checkpoints/@reviewer/{session_id}'],
  ['agent-brain', 'redis://checkpoint-store:6379'],
  ['agent-brain', undefined],
])('%s at %s', (backend, location) => {
  expect(apply(rule, storage(backend, location))).toEqual([]);
});

test('checkpointing that is off', () => {
  expect(apply(rule, 'kind: Agent\nspec: {checkpointing: {enabled: false, storage: {backend: s3}}}')).toEqual(
    [],
  );
});

test.each(wrongTypes)('%s where the storage stands', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {checkpointing: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {checkpointing: {storage: ${value}}}`)).toEqual([]);
  expect(
    apply(rule, `kind: Agent\nspec: {checkpointing: {storage: {backend: ${value}, location: ${value}}}}`),
  ).toEqual([]);
});

test('a megabyte of braces ends at once', () => {
  const spent = processorTime();
  for (const part of ['{', '{a', '{}', '\u0024{', 'a:']) {
    const location = part.repeat(500_000);
    const data = { spec: { checkpointing: { storage: { backend: 'local', location } } } };
    rule.check({ index: 0, data, kind: 'Agent' });
  }
  expect(spent()).toBeLessThan(5_000);
});

test('RULE_CHECKPOINT_LOCATION is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  checkpointing:
    storage:
      backend: local
      location: s3://bucket/a
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '9 error RULE_CHECKPOINT_LOCATION',
  ]);
});
