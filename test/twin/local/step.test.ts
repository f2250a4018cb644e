import { expect, test } from 'vitest';
import { parseStep } from '../../../components/twin/local/step.ts';

test.each([
  ['push feature', { do: 'push', source: 'feature', branch: 'feature' }],
  ['push HEAD~1:feature as alice', { do: 'push', source: 'HEAD~1', branch: 'feature', as: 'alice' }],
  ['open fix into stable in acme/lib', { do: 'open', branch: 'fix', target: 'stable', project: 'acme/lib' }],
  ['open fix', { do: 'open', source: 'fix', target: undefined }],
  ['merge !12', { do: 'merge', iid: 12 }],
  ['approve !3 as bob', { do: 'approve', iid: 3, as: 'bob' }],
  ['notes', { do: 'notes', iid: undefined }],
  ['play test: [linux, 24] as bob', { do: 'play', job: 'test: [linux, 24]', as: 'bob' }],
  ['schedule nightly run in acme/lib', { do: 'schedule', name: 'nightly run', project: 'acme/lib' }],
  ['run', { do: 'run', branch: undefined }],
  ['issues in acme/lib', { do: 'issues', project: 'acme/lib' }],
] as const)('%s', (text, expected) => {
  expect(parseStep(text)).toMatchObject({ text, ...expected });
});

test.each([
  '',
  'pusj x',
  'push',
  'push a b',
  'push :x',
  'push x:',
  'merge !x',
  'play',
  'run a b',
  'notes 1 2',
  'issues !1',
])('the step "%s" is misuse, with the form it should have', (text) => {
  expect(() => parseStep(text)).toThrow(expect.objectContaining({ code: 'TWIN_STEP', kind: 'misuse' }));
});

test('a verb that is nearly one is suggested', () => {
  expect(() => parseStep('pusj x')).toThrow('did you mean "push"?');
});
