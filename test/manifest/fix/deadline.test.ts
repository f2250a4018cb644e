import { expect, test } from 'vitest';
import { fixText } from '../../../components/manifest/fix/fix-text.ts';
import { fixers } from '../../../components/manifest/fix/fixers.gen.ts';

test('mending ends where it is told to, with what is mended then', async () => {
  const tools = Array.from(
    { length: 40 },
    (_, index) => `    - { name: t${index}, endpoint: "https://example.org" }\n`,
  );
  const text = `apiVersion: ossa/v0.4\nkind: Agent\nmetadata: { name: a }\nspec:\n  role: r\n  tools:\n${tools.join('')}`;
  const answers = [false, false, false, false, false];
  const { fixed, text: mended } = await fixText(text, fixers, [], undefined, () => answers.pop() ?? true);
  expect(fixed).toHaveLength(5);
  expect(mended.match(/type: http/g)).toHaveLength(5);
});
