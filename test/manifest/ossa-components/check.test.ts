import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validators } from '#validators/ossa-components';
import { renderPath } from '../../../components/kernel/place.ts';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { checkComponents } from '../../../components/manifest/ossa-components/check.ts';
import { components } from '../../../components/manifest/ossa-components/places.ts';
import { checkStructure } from '../../../components/manifest/structure.ts';
import { type Data, type Kind, kinds } from '../../../components/manifest/types.ts';
import { wrongTypes } from '../../support/rule.ts';

const UPSTREAM = resolve('../shared/data/ossa');
const upstreamIsHere = existsSync(join(UPSTREAM, 'schemas'));
const needsUpstream = upstreamIsHere ? '' : ' (skipped: upstream data is not beside the repository)';

function parse(yaml: string): Data {
  const parsed = parseYaml(yaml, 'manifest');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.documents[0] as Data;
}

function manifest(yaml: string, apiVersion = 'ossa/v0.3.5', kind: Kind = 'Agent'): Data {
  return { apiVersion, kind, metadata: { name: 'a', version: '1.0.0' }, ...parse(yaml) };
}

/** Every issue as `severity CODE path: message`. */
async function check(data: Data): Promise<string[]> {
  const kind = kinds.find((known) => known === data.kind);
  if (kind === undefined) throw new Error('the test document is no manifest');
  const issues = await checkComponents({ index: 0, data, kind });
  return issues.map(
    ({ code, path, message }) => `${code.severity} ${code.code} ${renderPath(path)}: ${message}`,
  );
}

/** A component with one mistake of each kind it can have, and the path and code of each inside of it. */
const broken: Readonly<Record<string, readonly [yaml: string, ...mistakes: string[]]>> = {
  completion: [
    '{default_signal: done, signals: [{condition: "true"}, {signal: complete, priority: high}], max_iterations: 2.5}',
    'COMPONENT_ENUM .default_signal',
    'COMPONENT_REQUIRED .signals[0]',
    'COMPONENT_TYPE .signals[1].priority',
    'COMPONENT_TYPE .max_iterations',
  ],
  checkpointing: [
    '{interval: hourly, retention: {days: 400, max_checkpoints: 0}, storage: {location: "no where"}}',
    'COMPONENT_ENUM .interval',
    'COMPONENT_RANGE .retention.days',
    'COMPONENT_RANGE .retention.max_checkpoints',
    'COMPONENT_REQUIRED .storage',
    'COMPONENT_FORMAT .storage.location',
  ],
  experts: [
    '{selection_strategy: zzz, registry: [{id: Code Expert, model: {provider: acme}}], tools: [{name: ask}]}',
    'COMPONENT_ENUM .selection_strategy',
    'COMPONENT_FORMAT .registry[0].id',
    'COMPONENT_REQUIRED .registry[0].model',
    'COMPONENT_ENUM .registry[0].model.provider',
    'COMPONENT_REQUIRED .tools[0]',
    'COMPONENT_ENUM .tools[0].name',
  ],
  moe: [
    '{secondary: [{metric: m}], operational: [{metric: m, target: [1], measurement: {}, collection: {interval: 2m}}]}',
    'COMPONENT_REQUIRED ',
    'COMPONENT_REQUIRED .secondary[0]',
    'COMPONENT_TYPE .operational[0].target',
    'COMPONENT_REQUIRED .operational[0].measurement',
    'COMPONENT_ENUM .operational[0].collection.interval',
  ],
  bat: [
    '{selection_criteria: [{dimension: d, options: [{cost_tier: cheap}]}], decision_process: {steps: [{step: s}]}}',
    'COMPONENT_REQUIRED .selection_criteria[0].options[0]',
    'COMPONENT_ENUM .selection_criteria[0].options[0].cost_tier',
    'COMPONENT_REQUIRED .decision_process.steps[0]',
  ],
  capabilities: [
    '{enabled: "yes", registry: mesh, refresh_interval: 60}',
    'COMPONENT_TYPE .enabled',
    'COMPONENT_ENUM .registry',
    'COMPONENT_TYPE .refresh_interval',
  ],
  feedback: [
    '{learning: {strategy: guess, model_fine_tuning: {schedule: hourly}}, tools: [{name: rate}]}',
    'COMPONENT_ENUM .learning.strategy',
    'COMPONENT_ENUM .learning.model_fine_tuning.schedule',
    'COMPONENT_ENUM .tools[0].name',
  ],
  infrastructure: [
    '[{type: agent_mesh, hostname: "a b", ip: 1.2.3, services: [{name: n, type: s3}], access: {agents_allowed: [bot]}}]',
    'COMPONENT_ENUM [0].type',
    'COMPONENT_FORMAT [0].hostname',
    'COMPONENT_FORMAT [0].ip',
    'COMPONENT_REQUIRED [0].services[0]',
    'COMPONENT_ENUM [0].services[0].type',
    'COMPONENT_FORMAT [0].access.agents_allowed[0]',
  ],
  flow: [
    '{flow_schema: {initial_state: a, states: [{name: A}]}, transitions: [{from: a, to: b, trigger: {type: cron}}, {}],' +
      ' nodes: [{id: n, type: agent}]}',
    'COMPONENT_FORMAT .flow_schema.states[0].name',
    'COMPONENT_ENUM .transitions[0].trigger.type',
    'COMPONENT_REQUIRED .transitions[1]',
    'COMPONENT_REQUIRED .transitions[1]',
    'COMPONENT_REQUIRED .transitions[1]',
    'COMPONENT_INCOMPLETE .nodes[0]',
  ],
};

describe('a component', () => {
  test('has a schema each, and each schema a component', () => {
    expect(Object.keys(validators).sort()).toEqual([...components, 'flow-by-type'].sort());
    expect(Object.keys(broken).sort()).toEqual([...components].sort());
  });

  const placements = components.flatMap((name): [name: string, before: string, after: string][] => [
    [name, `extensions: {${name}: `, '}'],
    [name, `spec: {extensions: {${name}: `, '}}'],
  ]);

  test.each<[name: string, before: string, after: string]>([
    ...placements,
    ['infrastructure', 'infrastructure: ', ''],
    ['infrastructure', 'spec: {infrastructure: ', '}'],
  ])('%s at "%s"', async (name, before, after) => {
    const [yaml = '', ...mistakes] = broken[name] ?? [];
    const place = before.replace(/[ {]/g, '').replaceAll(':', '.').slice(0, -1);
    const found = await check(manifest(`${before}${yaml}${after}`));
    const ofContent = found.filter((issue) => !issue.includes('COMPONENT_PLACE'));
    expect(ofContent.map((issue) => issue.split(' ').slice(1, 3).join(' ').replace(/:$/, '')).sort()).toEqual(
      mistakes.map((mistake) => mistake.replace(' ', ` ${place}`)).sort(),
    );
    // The whole path, so that a message is understood without its place.
    for (const issue of ofContent) expect(issue.split(': ').slice(1).join(': ')).toContain(place);
  });

  test('says what it takes, and what was meant', async () => {
    const data = manifest('extensions: {experts: {registry: [], selection_strategi: hybird}}');
    const [issue] = await checkComponents({ index: 0, data, kind: 'Agent' });
    expect(issue).toMatchObject({
      path: ['extensions', 'experts'],
      message: 'extensions.experts lacks "selection_strategy", but has "selection_strategi"',
      suggestion: 'selection_strategy',
      wants: { names: ['selection_strategy'] },
    });
  });

  test('is taken as OSSA 0.3.5 describes it', async () => {
    const data = manifest(`
spec:
  infrastructure:
    - {type: docker, hostname: host.example.org, ip: 10.0.0.7, capabilities: [store_artifact], access: {tier: tier_1_read, agents_allowed: ["@bot"]}}
  extensions:
    feedback: {learning: {enabled: true, strategy: supervised}}
    capabilities: {enabled: true, registry: local, refresh_interval: 30s, more: fields}
extensions:
  experts:
    selection_strategy: hybrid
    registry: [{id: cheap, model: {provider: google, model: flash}, cost_tier: economy, availability: {fallback: deep}}]
  moe: {primary: {metric: accuracy, target: "95%", measurement: {type: ratio, numerator: a, denominator: b}}}
  bat: {selection_criteria: [{dimension: depth, options: [{value: deep, prefer: [opus]}]}]}
`);
    expect(await check(data)).toEqual([]);
  });

  test.each(wrongTypes)('of a wrong type is reported and throws nothing: %s', async (value) => {
    for (const name of components) {
      for (const yaml of [
        `extensions: ${value}`,
        `{spec: ${value}, infrastructure: ${value}}`,
        `extensions: {${name}: ${value}}`,
        `spec: {extensions: {${name}: ${value}}, ${name}: ${value}}`,
        `extensions: {${name}: [${value}]}`,
        `extensions: {capabilities: {discovery: ${value}}}`,
        `extensions: {moe: {primary: ${value}, secondary: ${value}, operational: [{measurement: ${value}}]}}`,
        `spec: {transitions: ${value}, nodes: [${value}]}`,
        `spec: {transitions: [{trigger: ${value}, condition: ${value}}]}`,
      ]) {
        for (const kind of kinds) await check(manifest(yaml, 'ossa/v0.5', kind));
      }
      const isMapping = value.startsWith('{');
      const isRight = name === 'infrastructure' ? value === '[]' : isMapping;
      const found = await check(manifest(`extensions: {${name}: ${value}}`));
      if (!isRight) expect(found.join('\n')).toContain('COMPONENT_TYPE extensions.');
    }
  });
});

describe('by version', () => {
  const bad = 'extensions: {feedback: {learning: {strategy: guess}}}';

  test.each([
    ['ossa/v0.3.5', 'error'],
    ['ossa/v0.3.5-rc.1', 'error'],
    ['ossa/v0.3.10', 'error'],
    ['ossa/v0.3', 'error'],
    ['ossa/v0.4', 'error'],
    ['ossa/v0.4.6', 'error'],
    ['ossa/v0.5', 'error'],
    ['ossa/v1', 'error'],
    ['ossa.io/v1', 'error'],
    ['banana', 'error'],
    ['ossa/v0.3.4', 'warning'],
    ['ossa/v0.3.0', 'warning'],
    ['ossa/v0.2.9', 'warning'],
    ['ossa/v0.1.9', 'warning'],
  ])('%s: %s', async (apiVersion, severity) => {
    expect(await check(manifest(bad, apiVersion))).toEqual([
      `${severity} COMPONENT_ENUM extensions.feedback.learning.strategy: extensions.feedback.learning.strategy is "guess"`,
    ]);
  });

  const completion = 'spec: {role: r, completion: {default_signal: done}, checkpointing: {interval: hourly}}';

  const versions = [
    'v0.2.9',
    'v0.3.0',
    'v0.3.1',
    'v0.3.2',
    'v0.3.3',
    'v0.3.4',
    'v0.3.5',
    'v0.3.6',
    'v0.4.6',
    'v0.5',
    'v1',
  ];

  /** The places told by the structure and by the components together. */
  async function told(data: Data, kind: Kind): Promise<string[]> {
    const structure = (await checkStructure(data, 0)).issues;
    const all = [...structure, ...(await checkComponents({ index: 0, data, kind }))];
    return all.map(({ code, path }) => `${code.code.split('_').at(-1)} ${renderPath(path)}`).sort();
  }

  test.each(versions)(
    'spec.completion of %s is told once, by its structure or by its components',
    async (version) => {
      expect(await told(manifest(completion, `ossa/${version}`), 'Agent')).toEqual([
        'ENUM spec.checkpointing.interval',
        'ENUM spec.completion.default_signal',
      ]);
    },
  );

  test.each(versions.slice(6))('the spec of a Flow of %s is told once', async (version) => {
    const flow =
      'spec: {flow_schema: {initial_state: a}, transitions: [{from: a, to: b, trigger: {type: cron}}]}';
    expect(await told(manifest(flow, `ossa/${version}`, 'Flow'), 'Flow')).toEqual([
      'ENUM spec.transitions[0].trigger.type',
      'REQUIRED spec.flow_schema',
    ]);
  });

  test('0.5 leaves spec untyped, so it is checked here', async () => {
    expect(await check(manifest(completion, 'ossa/v0.5'))).toHaveLength(2);
    expect(await check(manifest('spec: {transitions: []}', 'ossa/v0.5', 'Flow'))).toEqual([
      'error COMPONENT_REQUIRED spec: spec lacks "flow_schema"',
    ]);
  });

  test('the spec of a Flow is that of its version from 0.3.5 on, but for what its types need', async () => {
    const flow = 'spec: {transitions: [{from: a, to: b, trigger: {type: timer}}]}';
    const incomplete = (severity: string) =>
      `${severity} COMPONENT_INCOMPLETE spec.transitions[0].trigger: spec.transitions[0].trigger lacks "interval"`;
    expect(await check(manifest(flow, 'ossa/v0.3.5', 'Flow'))).toEqual([incomplete('warning')]);
    expect(await check(manifest(flow, 'ossa/v0.4.6', 'Flow'))).toEqual([incomplete('warning')]);
  });

  test('the names are free in the specs of a Skill and a Validator', async () => {
    const yaml = '{infrastructure: 7, spec: {infrastructure: 7, completion: 7}}';
    expect(await check(manifest(yaml, 'ossa/v1', 'Skill'))).toEqual([]);
    expect(await check(manifest(yaml, 'ossa/v0.4.4', 'Validator'))).toEqual([]);
  });
});

describe('a location with placeholders', () => {
  const location = 's3://checkpoints/{agent_id}/{session_id}';
  const spec = `spec: {role: r, checkpointing: {storage: {backend: s3, location: "${location}"}}}`;

  test('is taken here, and where the structure checks it only that refuses it', async () => {
    expect(await check(manifest(spec, 'ossa/v0.3.4'))).toEqual([]);
    const data = manifest(spec);
    expect(await check(data)).toEqual([]);
    expect((await checkStructure(data, 0)).issues.map(({ path }) => renderPath(path))).toEqual([
      'spec.checkpointing.storage.location',
    ]);
  });
});

describe("a flow's types", () => {
  test.each([
    ['trigger: {type: timer}', ['lacks "interval"']],
    ['trigger: {type: timer, interval: 5m}', []],
    ['trigger: {type: condition}', ['lacks "condition_expression"']],
    ['trigger: {type: condition, condition_expression: "true"}', []],
    ['trigger: {type: condition}, condition: "true"', []],
    ['trigger: {type: agent_signal}', ['lacks "signal"']],
    ['trigger: {type: agent_signal, signal: complete}', []],
    ['trigger: {type: agent_signal, agent: "@bot"}', []],
    ['trigger: {type: agent_signal, event: done}', []],
    ['trigger: {type: webhook}', []],
    ['trigger: {}', []],
  ])('%s', async (trigger, expected) => {
    const found = await check(manifest(`spec: {transitions: [{${trigger}}]}`, 'ossa/v0.3.5', 'Flow'));
    expect(found).toEqual(
      expected.map((words) =>
        expect.stringMatching(`COMPONENT_INCOMPLETE spec.transitions\\[0\\].trigger: .*${words}`),
      ),
    );
  });

  test('nodes name their agent or task', async () => {
    const nodes = '[{id: a, type: agent}, {id: b, type: task, agent_id: x}, {id: c, type: webhook}]';
    const found = await check(manifest(`spec: {nodes: ${nodes}}`, 'ossa/v0.3.5', 'Flow'));
    expect(found).toEqual([
      'warning COMPONENT_INCOMPLETE spec.nodes[0]: spec.nodes[0] lacks "agent_id"',
      'warning COMPONENT_INCOMPLETE spec.nodes[1]: spec.nodes[1] lacks "task_id"',
    ]);
  });
});

describe('what stands in the wrong place', () => {
  test.each(['extensions: {', 'spec: {extensions: {'])(
    'completion and checkpointing under %s',
    async (before) => {
      const after = before.startsWith('spec') ? '}}' : '}';
      const parent = before.startsWith('spec') ? 'spec.extensions' : 'extensions';
      expect(
        await check(manifest(`${before}completion: {default_signal: done}, checkpointing: {}${after}`)),
      ).toEqual([
        `error COMPONENT_ENUM ${parent}.completion.default_signal: ${parent}.completion.default_signal is "done"`,
        `warning COMPONENT_PLACE ${parent}.completion: ${parent}.completion is not looked at: completion is read from spec.completion`,
        `warning COMPONENT_PLACE ${parent}.checkpointing: ${parent}.checkpointing is not looked at: checkpointing is read from spec.checkpointing`,
      ]);
    },
  );

  test('capability discovery one level too deep, checked there too', async () => {
    expect(await check(manifest('extensions: {capabilities: {discovery: {registry: mesh}}}'))).toEqual([
      'error COMPONENT_ENUM extensions.capabilities.discovery.registry: extensions.capabilities.discovery.registry is "mesh"',
      'warning COMPONENT_PLACE extensions.capabilities.discovery: extensions.capabilities.discovery is not looked at: its fields are read from extensions.capabilities itself',
    ]);
  });

  test('collection inside of measurement', async () => {
    const metric = '{metric: m, target: 1, measurement: {type: count, collection: {source: custom}}}';
    const found = await check(manifest(`extensions: {moe: {primary: ${metric}, secondary: [${metric}]}}`));
    expect(found.map((issue) => issue.split(': ')[0])).toEqual([
      'warning COMPONENT_PLACE extensions.moe.primary.measurement.collection',
      'warning COMPONENT_PLACE extensions.moe.secondary[0].measurement.collection',
    ]);
    expect(found[0]).toContain('is read from extensions.moe.primary.collection');
  });

  // That the name is wrong is said by the rule experts-moe-mixed-up.
  test('experts under moe and moe under experts are held to what they are', async () => {
    expect(await check(manifest('extensions: {moe: {registry: [], selection_strategy: zzz}}'))).toEqual([
      'error COMPONENT_ENUM extensions.moe.selection_strategy: extensions.moe.selection_strategy is "zzz"',
    ]);
    expect(await check(manifest('extensions: {experts: {primary: {metric: m}}}'))).toEqual([
      'error COMPONENT_REQUIRED extensions.experts.primary: extensions.experts.primary lacks "target"',
    ]);
    expect(
      await check(manifest('extensions: {moe: {registry: [], primary: {metric: m, target: 1}}}')),
    ).toEqual([]);
  });
});

test('percentage is no percentile: nothing is suggested that means something else', async () => {
  const data = manifest(
    'extensions: {moe: {primary: {metric: m, target: 30, measurement: {type: percentage}}}}',
  );
  const [issue] = await checkComponents({ index: 0, data, kind: 'Agent' });
  expect(issue?.code.code).toBe('COMPONENT_ENUM');
  expect(issue).not.toHaveProperty('suggestion');
  expect(issue).not.toHaveProperty('wants');
  expect(issue?.fix).toContain('ratio');
});

test.skipIf(!upstreamIsHere)(
  `of the real manifests four have mistakes in their components, and nothing is said of the others${needsUpstream}`,
  async () => {
    const found = new Map<string, string[]>();
    const folder = join(UPSTREAM, 'manifests');
    for (const file of readdirSync(folder)) {
      const parsed = parseYaml(readFileSync(join(folder, file), 'utf8'), 'manifest');
      const documents = parsed.ok
        ? (parsed.documents as Data[]).filter(({ kind }) => kind !== undefined)
        : [];
      const issues = (await Promise.all(documents.map(check))).flat();
      if (issues.length > 0)
        found.set(
          file,
          issues.map((issue) => issue.split(': ')[0] ?? ''),
        );
    }
    const collection = 'extensions.moe.primary.measurement.collection';
    const mesh = (index: number) => [
      `error COMPONENT_REQUIRED extensions.infrastructure[${index}]`,
      `error COMPONENT_ENUM extensions.infrastructure[${index}].type`,
    ];
    const full = (index: number) => [
      'error COMPONENT_ENUM extensions.moe.primary.measurement.type',
      ...mesh(index),
      'warning COMPONENT_PLACE extensions.capabilities.discovery',
      `warning COMPONENT_PLACE ${collection}`,
    ];
    expect(Object.fromEntries(found)).toEqual({
      'main--examples--ossa-templates--11-react-performance-expert.ossa.yaml': full(0),
      'v0.3.5--.agents--workers--cost-optimizer--manifest.ossa.yaml': full(1),
      'v0.3.5--.agents--workers--security-healer--manifest.ossa.yaml': mesh(0),
      'v0.3.5--spec--v0.3--examples--forward-thinking-agent.ossa.yaml': [
        'warning COMPONENT_PLACE spec.extensions.capabilities.discovery',
      ],
    });
  },
);
