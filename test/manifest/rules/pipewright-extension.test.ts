import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/pipewright-extension.ts';
import { agentYaml } from '../../session/agents.ts';
import { pipewright } from '../../support/cli.ts';
import { wrongTypes } from '../../support/rule.ts';
import { workspace } from '../../support/workspace.ts';
import { applyAll, issuesOf } from '../apply-further.ts';

const agent = (pipewright: string) => `kind: Agent\nspec: {}\nextensions: {pipewright: ${pipewright}}\n`;
const answering = (schema: string) => agent(`{answer: {schema: ${schema}}}`);

test.each([
  '{}',
  '{proposals: {note: {topics: [review]}}, loop: {entrypoint: a.py}}',
  '{answer: {schema: {type: object, required: [a], properties: {a: {type: [string, "null"], pattern: "^a+$"}}}}}',
])('%s can be used', async (extension) => expect(await applyAll(rule, agent(extension))).toEqual([]));

test('mistakes are told at their places, each with what was expected', async () => {
  expect(
    await applyAll(
      rule,
      agent('{proposal: {}, answer: {schema: {type: object, properties: {a: {typ: string}}}}}'),
    ),
  ).toEqual([
    'extensions.pipewright.answer.schema.properties.a.typ: answer.schema.properties.a has an unknown field "typ"',
    'extensions.pipewright.proposal: the document has an unknown field "proposal"',
  ]);
  const [issue] = await issuesOf(
    rule,
    answering('{type: object, properties: {verdict: {}}, required: [verdcit]}'),
  );
  expect(issue).toMatchObject({
    path: ['extensions', 'pipewright', 'answer', 'schema', 'required', 0],
    ...{ expected: 'one of: verdict', suggestion: 'verdict' },
  });
  expect(
    await applyAll(rule, answering('{type: object, properties: {a: {anyOf: [{pattern: "(?<=a)b"}]}}}')),
  ).toEqual([expect.stringMatching(/\.a\.anyOf\[0\]\.pattern: the pattern .* cannot be used/)]);
});

test('programs and servers that cannot be are told', async () => {
  const mcp = "{a: {url: 'https://a.example/mcp', entrypoint: a.py, tools: {}}, b: {tools: {}}}";
  const functions = '{c: {entrypoint: ../c.py, description: Counts., parameters: {type: object}}}';
  const said = await applyAll(
    rule,
    agent(`{tools: {mcp: ${mcp}, functions: ${functions}}, loop: {entrypoint: x/../l.py}}`),
  );
  expect(said).toEqual([
    expect.stringMatching(/functions\.c\.entrypoint is "\.\.\/c\.py"/),
    expect.stringMatching(/mcp\.a has a url, and entrypoint beside it/),
    expect.stringMatching(/mcp\.b has neither an entrypoint nor a url/),
    expect.stringMatching(/loop\.entrypoint is "x\/\.\.\/l\.py"/),
  ]);
});

test('it stands among the extensions of the spec as well', async () => {
  const yaml = 'kind: Task\nspec: {extensions: {pipewright: {tool: {}}}}\n';
  expect(await applyAll(rule, yaml)).toEqual([expect.stringMatching(/^spec\.extensions\.pipewright/)]);
});

test.each(wrongTypes)('%s is a mistake or none, and nothing is thrown', async (value) => {
  for (const yaml of [agent(value), answering(value), agent(`{answer: ${value}}`)])
    expect(Array.isArray(await applyAll(rule, yaml))).toBe(true);
});

test('`validate` says it with line and column', async () => {
  const extensions = '{pipewright: {answer: {schema: {type: object, properties: {a: {maxLenght: 9}}}}}}';
  const cwd = workspace({ 'a.ossa.yaml': agentYaml({ extensions }) });
  const run = await pipewright(['validate', 'a.ossa.yaml', '--mode=enforce'], { cwd });
  expect(run.exitCode, run.stdout).toBe(20);
  expect(run.stdout).toMatch(
    /a\.ossa\.yaml:10:76 error RULE_PIPEWRIGHT_EXTENSION[\s\S]*did you mean "maxLength"/,
  );
});
