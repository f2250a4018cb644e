import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/subagent-tools.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

const agent = (tools: string, own: string) =>
  `kind: Agent\nspec: {tools: ${tools}, subagents: [{name: a, role: A.}, {name: b, role: B., tools: ${own}}]}`;

test('a tool that the agent has not is named', () => {
  expect(apply(rule, agent('[{name: read_file}]', '[read-file, write_file]'))).toEqual([
    'spec.subagents[1].tools[1]: the subagent names the tool "write_file", which its agent has not',
  ]);
  expect(apply(rule, agent('[]', '[constructor]'))).toHaveLength(1);
});

test.each([
  agent('[{name: read_file}, {type: mcp, server: issues}]', '[read_file, issues, issues__find]'),
  agent('[{type: mcp, name: issue-tracker}]', '[issue_tracker__find]'),
  agent('[{type: http}]', '[http-get]'),
  agent('[]', '[]'),
])('nothing to say: %s', (yaml) => {
  expect(apply(rule, yaml)).toEqual([]);
});

test.each(wrongTypes)('%s where tools of subagents stand', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {tools: [], subagents: ${value}}`)).toEqual([]);
  const unknown = apply(rule, `kind: Agent\nspec: {tools: ${value}, subagents: [{tools: [read_file]}]}`);
  // No list at all, and an empty one, are of no tools.
  expect(unknown).toHaveLength(value === '[]' || value === 'null' ? 1 : 0);
  expect(apply(rule, agent('[]', value)).length).toBe(value === '[1, null, [], "x"]' ? 1 : 0);
});

test('RULE_SUBAGENT_TOOLS is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.4
kind: Agent
metadata: {name: a}
spec:
  role: x
  subagents:
    - name: reader
      role: y
      tools:
        - read_file
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '10 warning RULE_SUBAGENT_TOOLS',
  ]);
});
