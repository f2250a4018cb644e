import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validators } from '#validators/ossa-components';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { checkComponents } from '../../../components/manifest/ossa-components/check.ts';
import { components } from '../../../components/manifest/ossa-components/places.ts';
import { type Data, kinds } from '../../../components/manifest/types.ts';
import { wrongTypes } from '../../support/rule.ts';
import { check, manifest } from './checking.ts';

const UPSTREAM = resolve('../shared/data/ossa');
const upstreamIsHere = existsSync(join(UPSTREAM, 'schemas'));
const needsUpstream = upstreamIsHere ? '' : ' (skipped: upstream data is not beside the repository)';

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
