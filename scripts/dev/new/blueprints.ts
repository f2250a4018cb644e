/** Per kind of thing: its files for an id. What they hold is valid and does nothing, and its test says so. */
export const blueprints: Readonly<Record<string, (id: string) => Readonly<Record<string, string>>>> = {
  rule: (id) => ({
    [`components/manifest/rules/${id}.ts`]: `import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: '${id}',
  severity: 'warning',
  about: 'What it reports, and why that matters to the one who reads it.',
  check: () => [],
});
`,
    [`test/manifest/rules/${id}.test.ts`]: `import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/${id}.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test('${codeOf(id)} reports', () => {
  expect(apply(rule, 'kind: Agent')).toEqual(['spec.role: the message']);
});

test.each(wrongTypes)('%s as spec', (value) => {
  expect(apply(rule, \`{kind: Agent, spec: \${value}}\`)).toEqual([]);
});
`,
  }),
  format: (id) => ({
    [`components/formats/${id}.ts`]: `import { defineFormat } from './types.ts';

/** Who reads it, and where its format is described. */
export const format = defineFormat({
  id: '${id}',
  fileName: '${id}.txt',
  render: ({ title }) => title,
});
`,
    [`test/formats/${id}.test.ts`]: `import { expect, test } from 'vitest';
import { format } from '../../components/formats/${id}.ts';

test('hostile text stays text', () => {
  const finding = { code: 'X', severity: 'error', file: 'a', line: 1, column: 1, path: '', message: '<x>' } as const;
  const files = [{ path: 'a', findings: [finding] }];
  expect(format.render({ title: 'check', files, judged: files, verdict: '', links: [] })).toContain('the message');
});
`,
  }),
  command: (id) => ({
    [`scripts/${id}.ts`]: `import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';

export const command = defineCommand({
  id: '${id}',
  summary: 'What it does, in a line',
  inputs: {},
  examples: ['pipewright ${id}'],
  run: async (context) => {
    context.print('');
    return exitCodes.ok;
  },
});
`,
    [`test/scripts/${id}.test.ts`]: `import { expect, test } from 'vitest';
import { pipewright } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';

test('${id}', async () => {
  const run = await pipewright(['${id}'], { cwd: workspace() });
  expect(run).toEqual({ exitCode: 0, stdout: 'the result', stderr: '' });
});
`,
  }),
};

function codeOf(id: string): string {
  return `RULE_${id.toUpperCase().replaceAll('-', '_')}`;
}
