import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import {
  detectFeatures,
  type FeatureId,
  features,
  renderFeatures,
} from '../../../components/manifest/features/features.ts';
import { wrongTypes } from '../../support/rule.ts';

function detect(yaml: string): readonly FeatureId[] {
  const parsed = parseYaml(yaml, 'manifest');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return detectFeatures(parsed.documents);
}

const both = (name: string, value: string) => [
  `extensions: {${name}: ${value}}`,
  `spec: {extensions: {${name}: ${value}}}`,
];

const protocol = (name: string) => [
  ...both(name, '{enabled: true}'),
  `${name}: {handoff_protocol: {}}`,
  `protocols: {${name}: {version: 1.0.0}}`,
  `spec: {tools: [{type: http}, {type: ${name}, name: t}]}`,
  `spec: {tools: [{name: t, source: {type: ${name}}}]}`,
  `spec: {tools: [{name: t, handler: {type: ${name}}}]}`,
  `spec: {tools: [{type: http, transport: {protocol: ${name}}}]}`,
  `spec: {collaboration: {communication: {protocols: [grpc, ${name}]}}}`,
  `spec: {protocols: [{name: ${name}}]}`,
  `spec: {protocols: {${name}: true}}`,
  `agent: {bridge: {${name}: {enabled: true}}}`,
];

/** Documents that use one feature and no other. */
const uses: Readonly<Record<FeatureId, readonly string[]>> = {
  completion: ['spec: {completion: {max_iterations: 3}}', ...both('completion', '{max_iterations: 3}')],
  checkpointing: ['spec: {checkpointing: {enabled: true}}', ...both('checkpointing', '{interval: manual}')],
  state: ['spec: {state: {mode: stateless}}', 'state_management: {strategy: centralized}'],
  experts: [
    ...both('experts', '{registry: []}'),
    ...both('moe', '{registry: [], selection_strategy: hybrid}'),
  ],
  moe: [...both('moe', '{primary: {metric: m}}'), ...both('experts', '{primary: {metric: m}}')],
  bat: both('bat', '{selection_criteria: []}'),
  capabilities: [
    ...both('capabilities', '{registry: local}'),
    ...both('capabilities', '{discovery: {enabled: true}}'),
  ],
  feedback: both('feedback', '{learning: {enabled: true}}'),
  infrastructure: [
    'infrastructure: [{type: local}]',
    'spec: {infrastructure: [{type: local}]}',
    ...both('infrastructure', '[{type: local}]'),
  ],
  flow: ['kind: Flow', 'kind: Flow\nspec: {transitions: []}', ...both('flow', '{transitions: []}')],
  identity: [
    'spec: {identity: {provider: gitlab}}',
    'spec: {principal: {mode: app}}',
    'metadata: {identity: {agent_id: a}}',
    'metadata: {decentralized_identity: {did: "did:x:1"}}',
    'metadata: {idCard: {nickname: n}}',
  ],
  'access-tier': [
    'spec: {access: {tier: tier_1_read}}',
    'spec: {access_tier: {tier: tier_1_read}}',
    'spec: {access_tier: tier_1_read}',
    'security: {tier: tier_2_write_limited}',
  ],
  a2a: [
    ...protocol('a2a'),
    'spec: {communication: {a2a: {enabled: true}}}',
    'spec: {streaming: {a2a: {mesh_url: u}}}',
  ],
  mcp: [
    ...protocol('mcp'),
    'agent: {integration: {protocol: mcp}}',
    'spec: {dependencies: {mcp: [{uri: "mcp://x"}]}}',
    ...both('kagent', '{mcpServers: [{name: x}]}'),
    ...both('kagent', '{mcpServers: {x: {}}}'),
  ],
  'token-efficiency': [
    'token_efficiency: {serialization_profile: compact}',
    'spec: {token_efficiency: {enabled: true}}',
    ...both('token_efficiency', '{observation_format: diff}'),
  ],
};

const tierOfIdentity = 'spec: {identity: {access_tier: tier_1_read}}';

describe('each feature', () => {
  test('has cases', () => expect(Object.keys(uses)).toEqual(features.map(({ id }) => id)));

  const cases = features.flatMap(({ id }) => uses[id].map((yaml) => [id, yaml] as const));
  test.each(cases)('%s, and no other: %s', (id, yaml) => expect(detect(yaml)).toEqual([id]));

  test('an identity may name a tier', () =>
    expect(detect(tierOfIdentity)).toEqual(['identity', 'access-tier']));

  test.each(features)('$id is tried at every place it names', ({ id, where }) => {
    const texts = [...uses[id], tierOfIdentity].map((yaml) => yaml.replace(/[^A-Za-z0-9_]+/g, ' '));
    for (const place of where) {
      const names = place
        .split(/[^A-Za-z0-9_]+/)
        .filter((name) => !['where', 'it', 'holds', 'a', 'measure', ''].includes(name));
      const isTried = texts.some((text) => names.every((name) => text.split(' ').includes(name)));
      if (!isTried) expect(place, `a document of ${id} that has it`).toBe('tried');
    }
  });

  test.each([
    'spec: {completion: {enabled: false, max_iterations: 3}}',
    'spec: {checkpointing: {enabled: false, interval: iteration}}',
    ...both('experts', '{enabled: false, registry: [{id: a}]}'),
    ...both('moe', '{enabled: false, registry: [{id: a}]}'),
    ...both('capabilities', '{discovery: {enabled: false}, tools: [{name: list_capabilities}]}'),
    ...both('capabilities', '[read_file]'),
    ...both('a2a', '{enabled: false, agent_card: {}}'),
    ...both('bat', '{}'),
    ...both('infrastructure', '[]'),
    'spec: {capabilities: [read_file]}',
    'spec: {tools: [{type: function, name: mcp}]}',
    'spec: {access_tier: ""}',
    'kind: Agent',
  ])('what is off, empty or something else does not count: %s', (yaml) => expect(detect(yaml)).toEqual([]));
});

test('a manifest uses what any of its documents uses, in the order of the table', () => {
  expect(detect('kind: Flow\n---\nspec: {completion: {max_iterations: 1}}\n---\n')).toEqual([
    'completion',
    'flow',
  ]);
  expect(detectFeatures([])).toEqual([]);
});

test.each(wrongTypes)('a wrong type never throws: %s', (value) => {
  for (const place of features.flatMap(({ where }) => where)) {
    const steps = (place.split(/[,:]/)[0] ?? '').split('.');
    for (const depth of steps.keys()) {
      const document = steps.slice(0, depth + 1).reduceRight((inner, step) => {
        return step.endsWith('[]') ? `{${step.slice(0, -2)}: [${inner}]}` : `{${step}: ${inner}}`;
      }, value);
      expect(() => detect(document)).not.toThrow();
    }
  }
  expect(() => detect(value)).not.toThrow();
});

test('any value at all gives features of the table, each once', () => {
  const ids: readonly string[] = features.map(({ id }) => id);
  fc.assert(
    fc.property(fc.array(fc.anything({ withNullPrototype: true })), (documents) => {
      const found = detectFeatures(documents);
      expect(found).toEqual(ids.filter((id) => found.includes(id as FeatureId)));
    }),
  );
});

describe('the table', () => {
  test('has a line a manifest, and counts', () => {
    const rows = [
      { path: 'agents/reviewer/agent.ossa.yaml', features: ['completion', 'mcp'] as const },
      { path: 'b.ossa.yaml', features: ['mcp'] as const },
      { path: 'c.ossa.yaml', features: [] },
      { path: 'broken.ossa.yaml', features: undefined },
    ];
    expect(renderFeatures(rows)).toBe(
      [
        'agents/reviewer/agent.ossa.yaml  completion mcp',
        'b.ossa.yaml                      mcp',
        'c.ossa.yaml                      -',
        'broken.ossa.yaml                 (not read)',
        '4 manifests: completion 1, mcp 2',
        '',
      ].join('\n'),
    );
    expect(renderFeatures([])).toBe('0 manifests: no features\n');
    expect(renderFeatures([{ path: 'a', features: [] }])).toBe('a  -\n1 manifest: no features\n');
  });

  test('one long path does not widen the others, and no path makes a line or moves a cursor', () => {
    const long = `${'x'.repeat(200)}.yaml`;
    const text = renderFeatures([
      { path: long, features: ['flow'] },
      { path: 'a\n42 manifests\u001b[2J.yaml', features: [] },
    ]);
    const lines = text.split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(`${long}  flow`);
    expect(lines[1]).toBe(`${'a 42 manifests\\u001b[2J.yaml'.padEnd(60)}  -`);
  });
});

const data = resolve('../shared/data/ossa/manifests');
const isHere = existsSync(data);

describe.skipIf(!isHere)('real manifests (skipped where ../shared/data/ossa is absent)', () => {
  const read = (name: string) => {
    const parsed = parseYaml(readFileSync(join(data, name), 'utf8'), 'manifest');
    return parsed.ok ? detectFeatures(parsed.documents) : undefined;
  };
  const files = isHere ? readdirSync(data) : [];
  const components = [
    'completion',
    'checkpointing',
    'experts',
    'moe',
    'bat',
    'capabilities',
    'feedback',
    'infrastructure',
  ];

  const expected: Readonly<Record<string, readonly string[] | undefined>> = {
    'flow-example': ['flow'],
    'forward-thinking-agent': [...components, 'identity', 'access-tier', 'a2a'],
    'v0.3.5--.agents--workers--cost-optimizer': [...components, 'mcp'],
    '11-react-performance-expert': [...components, 'mcp'],
    'security-healer': [
      ...components.filter((id) => id !== 'moe' && id !== 'capabilities'),
      'identity',
      'mcp',
    ],
    'full-featured-v0.3.6': ['completion', 'checkpointing', 'identity', 'mcp', 'token-efficiency'],
    'v0.4-identity-security': ['identity', 'a2a', 'mcp'],
    'v0.5-identity-security': ['identity', 'a2a', 'mcp'],
    'gitlab-ci-agent': ['identity', 'access-tier', 'a2a', 'mcp'],
    'full-power-agent': ['a2a', 'mcp'],
    'a2a--agent-handoff': ['a2a'],
    'production-agent-with-streaming': ['a2a'],
    'kagent--cost-optimizer': ['mcp'],
    'ossa-kagent-anthropic': ['mcp'],
    'token-efficiency--security-scanner': ['token-efficiency'],
    '.ossa--project': undefined,
    'ossa-validator-v0.3': undefined,
  };

  test.each(Object.entries(expected))('%s', (name, ids) => {
    const [file = '', ...more] = files.filter((one) => one.includes(name));
    expect(more).toEqual([]);
    expect(read(file)).toEqual(ids);
  });

  test('all others use none', () => {
    const others = files.filter((file) => !Object.keys(expected).some((name) => file.includes(name)));
    expect(others).toHaveLength(25);
    expect(others.filter((file) => read(file)?.length !== 0)).toEqual([]);
  });
});
