import { describe, expect, test } from 'vitest';
import { fixText } from '../../../components/manifest/fix/fix-text.ts';
import { fixers } from '../../../components/manifest/fix/fixers.gen.ts';
import { rules } from '../../../components/manifest/rules.gen.ts';

const agent = (version: string, spec: string, metadata = 'name: a') =>
  `apiVersion: ${version}\nkind: Agent\nmetadata:\n  ${metadata}\nspec:\n  role: r\n${spec}`;
const task = (spec: string) =>
  `apiVersion: ossa/v0.4\nkind: Task\nmetadata: { name: t }\nspec:\n  execution: { type: deterministic }\n${spec}`;

const experts = (fallback: string) =>
  `${agent('ossa/v0.4', '')}extensions:
  experts:
    selection_strategy: cost_optimized
    registry:
      - { id: quick, model: { provider: google, model: gemini-2.5-flash }, availability: { fallback: ${fallback} } }
      - { id: careful, model: { provider: google, model: gemini-2.5-pro } }
`;

interface Case {
  readonly by: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What each fixer is for; `after` has no error left. */
const mended: readonly Case[] = [
  {
    by: 'word',
    name: 'a word of another style',
    before: agent('ossa/v0.4', '  autonomy: { level: Semi-Autonomous } # so\n'),
    after: agent('ossa/v0.4', '  autonomy: { level: semi_autonomous } # so\n'),
  },
  {
    by: 'word',
    name: 'an ending too many',
    before: agent('ossa/v0.3.5', '  completion:\n    signals:\n      - signal: "escalated"\n'),
    after: agent('ossa/v0.3.5', '  completion:\n    signals:\n      - signal: "escalate"\n'),
  },
  {
    by: 'word',
    name: 'one word too few',
    before: `${agent('ossa/v0.4', '')}extensions:\n  langchain: { memory_type: summary }\n`,
    after: `${agent('ossa/v0.4', '')}extensions:\n  langchain: { memory_type: conversation_summary }\n`,
  },
  {
    by: 'synonym',
    name: 'to continue after an error',
    before: task('  error_handling:\n    on_error: continue\n'),
    after: task('  error_handling:\n    on_error: ignore\n'),
  },
  {
    by: 'tool-type',
    name: 'a tool that is reached in no way OSSA knows',
    before: agent('ossa/v0.4', '  tools:\n    - type: scanner\n      name: x\n'),
    after: agent('ossa/v0.4', '  tools:\n    - type: custom # was: scanner\n      name: x\n'),
  },
  {
    by: 'tool-without-type',
    name: 'a tool that says it elsewhere',
    before: agent(
      'ossa/v0.4',
      '  tools:\n    - name: a\n      source: { type: mcp, uri: "mcp://x" }\n    - name: b\n      parameters: { type: object }\n    - { name: c, endpoint: "https://example.org" }\n',
    ),
    after: agent(
      'ossa/v0.4',
      '  tools:\n    - name: a\n      type: mcp\n      source: { type: mcp, uri: "mcp://x" }\n    - name: b\n      type: function\n      parameters: { type: object }\n    - { name: c, type: http, endpoint: "https://example.org" }\n',
    ),
  },
  {
    by: 'capability-name',
    name: 'capabilities as names',
    before: agent(
      'ossa/v0.4',
      '  tools:\n    - type: mcp\n      capabilities:\n        - search # all\n        - read_file\n',
    ),
    after: agent(
      'ossa/v0.4',
      '  tools:\n    - type: mcp\n      capabilities:\n        - { name: search, type: tool } # all\n        - { name: read-file, type: tool } # was: read_file\n',
    ),
  },
  {
    by: 'quoted-value',
    name: 'numbers and switches in quotes',
    before: agent(
      'ossa/v0.3.5',
      '  completion: { max_iterations: "8" }\n  checkpointing: { enabled: "yes" }\n',
    ),
    after: agent('ossa/v0.3.5', '  completion: { max_iterations: 8 }\n  checkpointing: { enabled: true }\n'),
  },
  {
    by: 'single-item',
    name: 'one text where a list stands',
    before: agent('ossa/v0.4', '  compliance: { frameworks: SOC2 }\n'),
    after: agent('ossa/v0.4', '  compliance: { frameworks: [ SOC2 ] }\n'),
  },
  {
    by: 'field-name',
    name: 'a field under its former name',
    before: task('  preconditions:\n    - expression: "true"\n      message: no\n'),
    after: task('  preconditions:\n    - expression: "true"\n      error_message: no\n'),
  },
  {
    by: 'field-name',
    name: 'a field in another style',
    before: agent('ossa/v0.4', '', 'name: a\n  machineName: a_b'),
    after: agent('ossa/v0.4', '', 'name: a\n  machine_name: a_b'),
  },
  {
    by: 'misplaced-field',
    name: 'a taxonomy among the metadata',
    before: agent('ossa/v0.4', '', 'name: a\n  taxonomy:\n    domain: security # which'),
    after: agent('ossa/v0.4', '  taxonomy:\n    domain: security # which\n', 'name: a'),
  },
  {
    by: 'list-shape',
    name: 'guardrails as a list',
    before: agent('ossa/v0.4', '  safety:\n    guardrails:\n      - type: x\n'),
    after: agent('ossa/v0.4', '  safety:\n    guardrails:\n      policies:\n        - type: x\n'),
  },
  {
    by: 'list-shape',
    name: 'servers by name',
    before: `${agent('ossa/v0.4', '')}extensions:\n  kagent:\n    mcpServers:\n      one:\n        image: x@sha256:1\n`,
    after: `${agent('ossa/v0.4', '')}extensions:\n  kagent:\n    mcpServers:\n      - name: one\n        image: x@sha256:1\n`,
  },
  {
    by: 'version-name',
    name: 'a version without its prefix',
    before: agent('v0.4.5', ''),
    after: agent('ossa/v0.4.5', ''),
  },
  {
    by: 'version-name',
    name: 'a version under its early name',
    before: 'ossaVersion: 0.4.1 # early\nkind: Agent\nmetadata: { name: a }\nspec: { role: r }\n',
    after: 'apiVersion: ossa/v0.4.1 # early\nkind: Agent\nmetadata: { name: a }\nspec: { role: r }\n',
  },
  {
    by: 'version-older',
    name: 'a field of a later version',
    before: agent('ossa/v0.4', '', 'name: a\n  identity: { agent_id: a }'),
    after: agent('ossa/v0.5', '', 'name: a\n  identity: { agent_id: a }'),
  },
  {
    by: 'location-uri',
    name: 'braces in a URI',
    before: agent(
      'ossa/v0.3.5',
      '  checkpointing: { storage: { backend: s3, location: "s3://b/{session_id}" } }\n',
    ),
    after: agent(
      'ossa/v0.3.5',
      '  checkpointing: { storage: { backend: s3, location: "s3://b/%7Bsession_id%7D" } }\n',
    ),
  },
  {
    by: 'capability-word',
    name: 'dashes in a taxonomy',
    before: agent('ossa/v0.4', '  taxonomy: { domain: security, capability: code-review }\n'),
    after: agent('ossa/v0.4', '  taxonomy: { domain: security, capability: code_review }\n'),
  },
  {
    by: 'switch',
    name: 'a switch where a mapping stands',
    before: agent('ossa/v0.4', '  safety: { pii_detection: true }\n'),
    after: agent('ossa/v0.4', '  safety: { pii_detection: { enabled: true } }\n'),
  },
  {
    by: 'reference-name',
    name: 'a fallback that is given nowhere',
    before: experts('carefull'),
    after: experts('careful'),
  },
  {
    by: 'extension-name',
    name: 'experts under the name of measures',
    before: experts('careful').replace('  experts:', '  moe:'),
    after: experts('careful'),
  },
  {
    by: 'component-place',
    name: 'signals among the extensions',
    before: `${agent('ossa/v0.4', '')}extensions:\n  completion: # when\n    max_iterations: 3\n    timeout_seconds: 60\n  mcp: {}\n`,
    after: `${agent('ossa/v0.4', '  completion: # when\n    max_iterations: 3\n    timeout_seconds: 60\n')}extensions:\n  mcp: {}\n`,
  },
  {
    by: 'successor',
    name: 'a tier at its early place',
    before: agent('ossa/v0.4', '  access_tier: tier_1_read # to begin with\n'),
    after: agent('ossa/v0.4', '  access:\n    tier: tier_1_read # to begin with\n'),
  },
  {
    by: 'syntax',
    name: 'a value that YAML keeps for later',
    before: agent('ossa/v0.4', '  x:\n    - @scope/package # why\n    - `tick`\n'),
    after: agent('ossa/v0.4', '  x:\n    - "@scope/package" # why\n    - "`tick`"\n'),
  },
  {
    by: 'syntax',
    name: 'a key that says the same again',
    before: agent('ossa/v0.4', '  x:\n    a: [1]\n  y: 1\n  x:\n    a: [ 1 ]\n  z: 2\n'),
    after: agent('ossa/v0.4', '  x:\n    a: [1]\n  y: 1\n  z: 2\n'),
  },
];

describe('what has one right answer is mended', () => {
  test.each(mended)('$by: $name', async ({ by, before, after }) => {
    const { text, fixed, examined } = await fixText(before, fixers, rules);
    expect(text).toBe(after);
    expect([...new Set(fixed.map((one) => one.by))]).toEqual([by]);
    expect(examined).toMatchObject({ readable: true, structure: 'valid' });
    expect((await fixText(text, fixers, rules)).fixed).toEqual([]);
  });

  test('each fixer is shown', () => {
    const shown = new Set(mended.map(({ by }) => by));
    expect(fixers.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });
});

/** Where a guess would change what is meant. */
const left: readonly (readonly [string, string])[] = [
  ['a word far from all', agent('ossa/v0.4', '  taxonomy: { domain: finops }\n')],
  ['a word between two', agent('ossa/v0.4', '  autonomy: { level: automatic }\n')],
  ['a tool that says nothing', agent('ossa/v0.4', '  tools: [{ name: x }]\n')],
  ['a tool type with a comment beside it', agent('ossa/v0.4', '  tools:\n    - type: scanner # ours\n')],
  [
    'a tool type in JSON, where no comment can be',
    JSON.stringify({
      apiVersion: 'ossa/v0.4',
      kind: 'Agent',
      metadata: { name: 'a' },
      spec: { role: 'r', tools: [{ type: 'scanner' }] },
    }),
  ],
  ['a number that is none', agent('ossa/v0.3.5', '  completion: { max_iterations: "8h" }\n')],
  ['a number with another spelling', agent('ossa/v0.3.5', '  completion: { max_iterations: "08" }\n')],
  ['keys that differ', agent('ossa/v0.4', '  x: 1\n  x: 2\n')],
  [
    'a name that is taken',
    task('  preconditions:\n    - expression: "true"\n      message: no\n      error_message: yes\n'),
  ],
  ['a value that is shared', agent('ossa/v0.4', '  x: &level automous\n  autonomy: { level: *level }\n')],
  ['a sign within brackets', agent('ossa/v0.4', '  x: [@a, b]\n')],
  ['an unknown version', agent('ossa/v9', '')],
];

test.each(left)('%s is left alone', async (_, text) => {
  const result = await fixText(text, fixers, []);
  expect(result.fixed).toEqual([]);
  expect(result.text).toBe(text);
});
