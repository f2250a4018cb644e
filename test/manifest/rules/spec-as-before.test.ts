import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/spec-as-before.ts';
import { wrongTypes } from '../../support/rule.ts';

const manifest = (version: string, spec: string, kind = 'Agent') =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: a, colour: red }\nspec: ${spec}\n`;

async function found(text: string) {
  const { structure, findings } = await checkText('a.ossa.yaml', text, [rule]);
  return {
    structure,
    said: findings.map(({ code, severity, line, message }) => `${line} ${severity} ${code}: ${message}`),
  };
}

test('a mistake in the spec of 0.5 is told, and the structure stays valid', async () => {
  const text = manifest(
    'ossa/v0.5.1',
    '\n  role: r\n  autonomy: { level: sometimes }\n  tools: [{ name: x }]',
  );
  expect(await found(text)).toEqual({
    structure: 'valid',
    said: [
      '6 warning RULE_SPEC_AS_BEFORE: spec.autonomy.level is "sometimes"',
      '7 warning RULE_SPEC_AS_BEFORE: spec.tools[0] lacks "type"',
    ],
  });
});

test.each(['Task', 'Workflow', 'Flow'])('of kind %s too', async (kind) => {
  const { structure, said } = await found(manifest('ossa/v0.5', '{}', kind));
  expect(structure).toBe('valid');
  expect(said.length).toBeGreaterThan(0);
});

test.each(['ossa/v0.4', 'ossa/v0.3.5'])('of %s the structure says it', async (version) => {
  const { said } = await found(manifest(version, '{ role: r, autonomy: { level: sometimes } }'));
  expect(said.filter((text) => text.includes('RULE_'))).toEqual([]);
});

test('what 0.5 has besides spec is its own', async () => {
  expect((await found(manifest('ossa/v0.5', '{ role: r }'))).said).toEqual([]);
});

test.each(wrongTypes)('%s in its place throws nothing', async (value) => {
  await expect(found(manifest('ossa/v0.5', value))).resolves.toBeDefined();
});
