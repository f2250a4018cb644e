import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/image-unpinned.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function says(image: string): string[] {
  return rule.check({ index: 0, data: { runtime: { image } }, kind: 'Agent' }).map(({ message }) => message);
}

test.each(['node', 'registry.example.org/team/agent', 'localhost:5000/agent'])('%s has no tag', (image) => {
  expect(says(image)).toEqual(['runtime.image has neither tag nor digest, which means latest']);
});

test.each(['node:latest', 'registry.example.org:5000/team/agent:latest'])('%s moves', (image) => {
  expect(says(image)).toEqual(['runtime.image has the tag "latest", which moves']);
});

test.each([
  ...['node:20-bookworm', 'registry.example.org/team/agent:1.4.2', `node@sha256:${'0a'.repeat(32)}`],
  ...[`node:latest@sha256:${'0a'.repeat(32)}`, '\u0024{IMAGE}', 'node:\u0024{TAG:-latest}', 'logo.png'],
  ...['https://example.org/a.png', 'data:image/png;base64,iVBOR', 'a picture of a cat', ''],
])('nothing to say about %s', (image) => {
  expect(says(image)).toEqual([]);
});

test('wherever an image stands that is run, not where it is data', () => {
  const yaml = `kind: Agent
extensions: {kagent: {mcpServers: [{image: a}, {image: "b:1"}], toolServer: {image: c}}}
metadata: {image: d}
spec: {input: {image: e}, tools: [{parameters: {image: f}, containerImage: "g:nightly"}]}`;
  expect(apply(rule, yaml).sort()).toEqual([
    'extensions.kagent.mcpServers[0].image: extensions.kagent.mcpServers[0].image has neither tag nor digest, which means latest',
    'extensions.kagent.toolServer.image: extensions.kagent.toolServer.image has neither tag nor digest, which means latest',
    'spec.tools[0].containerImage: spec.tools[0].containerImage has the tag "nightly", which moves',
  ]);
});

test('repository and tag of a deployment in Kubernetes', () => {
  const image = (text: string) => `kind: Agent\nextensions: {kubernetes: {deployment: {image: ${text}}}}`;
  const place = 'extensions.kubernetes.deployment.image';
  expect(apply(rule, image('{repository: a/b}'))).toEqual([
    `${place}.repository: ${place}.repository has no tag beside it, which means latest`,
  ]);
  expect(apply(rule, image('{repository: a/b, tag: latest}'))).toEqual([
    `${place}.tag: ${place}.tag is "latest", a tag that moves`,
  ]);
  expect(apply(rule, image('{repository: a/b, tag: "1.2"}'))).toEqual([]);
  expect(apply(rule, image('{repository: "a@sha256:00"}'))).toEqual([]);
});

test.each(wrongTypes.filter((value) => value !== 'text'))('%s where an image stands', (value) => {
  if (value.startsWith('[1')) return;
  expect(apply(rule, `kind: Agent\nruntime: {image: ${value}}`)).toEqual([]);
  const deployment = `{image: {repository: ${value}, tag: ${value}}}`;
  expect(apply(rule, `kind: Agent\nextensions: {kubernetes: {deployment: ${deployment}}}`)).toEqual([]);
});

test('a megabyte of a name ends at once', () => {
  const spent = processorTime();
  for (const part of ['a/', 'a.', 'a-', 'a:1/']) says(part.repeat(250_000));
  expect(spent()).toBeLessThan(5_000);
});

test('RULE_IMAGE_UNPINNED is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
runtime:
  image: node
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '7 warning RULE_IMAGE_UNPINNED',
  ]);
});
