import { expect, test } from 'vitest';
import { furtherModels } from '../../../components/session/read-subagents.ts';
import { readRunnable } from '../../../scripts/wire/run-manifest.ts';
import { agentPath, agentYaml } from '../support.ts';
import { withSubagent } from './support.ts';

/** An agent as a run reads it, and what a run says of it. */
async function read(text: string) {
  const runnable = await readRunnable({ path: agentPath, text }, () => ({}));
  const told = runnable.findings.flatMap(({ code, path, message }) =>
    code.startsWith('SESSION_') ? [[code, path, message]] : [],
  );
  const manifest = runnable.ok && runnable.manifest.kind === 'Agent' ? runnable.manifest : undefined;
  return { manifest, told };
}

const one = { name: 'reader', kind: 'subagent', role: 'You read files.', model: 'claude-sonnet' };

test('what a subagent is: a part of its agent, with its own words and model', async () => {
  const { manifest, told } = await read(withSubagent());
  expect([manifest?.subagents, told]).toEqual([[{ ...one, tools: ['read-file'], maxTokens: undefined }], []]);
  const more =
    'subagents:\n' +
    '  - {name: a, kind: reviewer, role: A., model: claude-opus, tools: [read-diff, read_diff], reportTo: reviewer, contextIsolation: true, maxTokenBudget: 9000}\n' +
    '  - {name: b, role: B.}\n' +
    'delegation: {enabled: true, requires: [approval, audit_trail, task_specification]}';
  const all = await read(agentYaml({ more }));
  expect(all.told).toEqual([]);
  expect(all.manifest?.subagents).toEqual([
    { name: 'a', kind: 'reviewer', role: 'A.', model: 'claude-opus', tools: ['read-diff'], maxTokens: 9_000 },
    { name: 'b', kind: 'subagent', role: 'B.', model: 'claude-sonnet', tools: [], maxTokens: undefined },
  ]);
  expect(all.manifest && furtherModels(all.manifest)).toEqual(['claude-opus']);
  expect(all.manifest?.oversight.approval.names).toEqual(['delegate']);
  const asked = await read(
    withSubagent({ more: 'autonomy: {approval_required: [delegate, delegate-reader]}' }),
  );
  expect(asked.manifest?.oversight.approval.names).toEqual(['delegate', 'delegate_reader']);
});

test('all of a server of MCP that the agent is given', async () => {
  const pinned = `sha256:${'0'.repeat(64)}`;
  const server = `{entrypoint: s.mjs, tools: {find: {digest: "${pinned}"}, list: {digest: "${pinned}"}}}`;
  const yaml = withSubagent({
    tools: '[{type: mcp, name: issues}]',
    extensions: `{pipewright: {tools: {mcp: {issues: ${server}}}}}`,
  }).replace('tools: [read_file]', 'tools: [issues, issues__find]');
  const { manifest } = await read(yaml);
  expect(manifest?.subagents[0]?.tools).toEqual(['issues__find', 'issues__list']);
});

test.each([
  [
    'contextIsolation: false',
    'SESSION_UNSUPPORTED',
    'contextIsolation',
    'a subagent sees its task and nothing else',
  ],
  ['maxTokenBudget: 5120', 'SESSION_FIELD', 'maxTokenBudget', 'is 5120'],
  ['reportTo: chief', 'SESSION_IGNORED', 'reportTo', 'goes to the agent that it is part of'],
])('what a run cannot do with one is told: %s', async (subagent, code, field, words) => {
  const { told, manifest } = await read(withSubagent({ subagent }));
  const place = `spec.subagents[0].${field}`;
  expect(told).toEqual([
    [code, place, expect.stringMatching(`^${place.replace(/[[\]]/g, '\\$&')} .*${words}`)],
  ]);
  expect(manifest === undefined).toBe(code !== 'SESSION_IGNORED');
});

test('a tool that the agent is not given its subagent goes without', async () => {
  const { told, manifest } = await read(
    withSubagent().replace('tools: [read_file]', 'tools: [read_fil, propose_note]'),
  );
  expect(told).toEqual(
    ['read_fil', 'propose_note'].map((name, index) => [
      ...['SESSION_TOOL_UNKNOWN', `spec.subagents[0].tools[${index}]`],
      expect.stringContaining(`"${name}" is no tool that the agent itself is given here`),
    ]),
  );
  expect(manifest?.subagents[0]?.tools).toEqual([]);
});

test('names that a word of the manifest could not tell apart, or that are none', async () => {
  const names = (...all: readonly string[]) =>
    read(agentYaml({ more: `subagents: [${all.map((name) => `{name: ${name}, role: R.}`).join(', ')}]` }));
  expect((await names('a-b', 'a_b')).told).toEqual([
    ['SESSION_FIELD', 'spec.subagents[1].name', 'spec.subagents[1].name is "a_b"'],
  ]);
  expect((await names('Reader')).told).toEqual([
    ['SESSION_FIELD', 'spec.subagents[0].name', 'spec.subagents[0].name is "Reader"'],
  ]);
});

test('what of delegation a session does not do is told', async () => {
  const off = await read(withSubagent({ more: 'delegation: {enabled: false}' }));
  expect(off.manifest?.subagents).toEqual([]);
  expect(off.told).toEqual([
    ['SESSION_IGNORED', 'spec.subagents', 'spec.subagents is left out: `spec.delegation.enabled` is false'],
  ]);
  const more =
    'handoffs: [{to: other}]\n' +
    'delegation: {allowed_tiers: [tier_1_read], allowed_operations: [read_code], requires: [delegation_token, violation_report]}';
  const { told } = await read(withSubagent({ more }));
  // In the order of their lines.
  expect(told.map(([code, path]) => `${code} ${path}`)).toEqual(
    [
      ...['handoffs', 'delegation.allowed_tiers', 'delegation.allowed_operations'],
      ...['delegation.requires[0]', 'delegation.requires[1]'],
    ].map((field) => `SESSION_IGNORED spec.${field}`),
  );
  const loop = '{pipewright: {loop: {entrypoint: loop.mjs}}}';
  expect((await read(withSubagent({ extensions: loop }))).told).toEqual([
    ['SESSION_IGNORED', 'spec.subagents', expect.stringContaining('a program that is an agent')],
  ]);
});
