import { expect, test } from 'vitest';
import { findImageMistake } from '../../scripts/dev/release/image.ts';
import { digests, imageOf } from './repository.ts';

test.each([
  imageOf('1.0.0'),
  `localhost:5000/pipewright:1.0.0@${digests[0]}`,
  `registry.example.com:5050/a/b-c/d__e/pipewright:1.0.0@${digests[1]}`,
])('%s is taken', (image) => {
  expect(findImageMistake(image, '1.0.0')).toBeUndefined();
});

const digest = digests[0];
test.each([
  ['no digest', 'registry.example.com/group/pipewright:1.0.0'],
  ['a short digest', 'registry.example.com/group/pipewright:1.0.0@sha256:abc'],
  ['an upper-case digest', `registry.example.com/group/pipewright:1.0.0@sha256:${'A'.repeat(64)}`],
  ['no tag', `registry.example.com/group/pipewright@${digest}`],
  ['the tag of another version', imageOf('1.0.1')],
  ['no registry', `group/pipewright:1.0.0@${digest}`],
  ['a variable', `$CI_REGISTRY/group/pipewright:1.0.0@${digest}`],
  ['a space', `registry.example.com/group/pipe wright:1.0.0@${digest}`],
  ['a quote', `registry.example.com/group/pipe'wright:1.0.0@${digest}`],
  ['a line break', `${imageOf('1.0.0')}\nx: y`],
])('an image with %s is refused', (_, image) => {
  expect(findImageMistake(image, '1.0.0')).toBeTypeOf('string');
});
