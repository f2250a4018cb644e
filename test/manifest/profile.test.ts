import { expect, test } from 'vitest';
import { readProfile } from '../../components/manifest/profile.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const profileOf = (rest: object) => readProfile({ kind: 'Task', metadata: { name: 'a' }, ...rest });

test.each<[string, object, boolean]>([
  ['no image', {}, true],
  ['one by digest', { spec: { runtime: { image: `node@${digest}` } } }, true],
  ['one by tag and digest', { spec: { runtime: { image: `registry.example.com/node:24@${digest}` } } }, true],
  ['one by tag', { spec: { runtime: { image: 'node:24-bookworm' } } }, false],
  ['one of two by tag', { spec: { runtime: { image: `node@${digest}`, base_image: 'debian:13' } } }, false],
  ['a variable, which can become anything', { spec: { runtime: { image: '$IMAGE' } } }, false],
  ['a picture', { spec: { avatar: { image: 'logo.png' } } }, true],
  ['what it works on', { spec: { input: { properties: { image: 'node:24' } } } }, true],
  [
    "Kubernetes' by digest",
    { extensions: { kubernetes: { deployment: { image: { repository: 'acme/agent', digest } } } } },
    true,
  ],
  [
    "Kubernetes' by tag",
    { extensions: { kubernetes: { deployment: { image: { repository: 'acme/agent', tag: '1.2' } } } } },
    false,
  ],
])('images: %s', (_, manifest, pinned) => {
  expect(profileOf(manifest)?.imagesPinned).toBe(pinned);
});

test.each<[string, object, readonly string[]]>([
  ['nothing', {}, []],
  ['the least', { security: { data_classification: 'public' } }, ['public']],
  [
    'one, and those below it',
    { security: { data_classification: 'confidential' } },
    ['public', 'internal', 'confidential'],
  ],
  ['in the spec', { spec: { security: { data_classification: 'internal' } } }, ['public', 'internal']],
  ['one that OSSA does not have', { security: { data_classification: 'secret' } }, ['secret']],
])('classes of data: %s', (_, manifest, classes) => {
  expect(profileOf(manifest)?.dataClasses).toEqual(classes);
});

test('the region its data must stay in', () => {
  expect(profileOf({ spec: { compliance: { data_residency: 'eu-west-1' } } })?.region).toBe('eu-west-1');
  expect(profileOf({})?.region).toBeUndefined();
});
