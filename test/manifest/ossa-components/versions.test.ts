import { describe, expect, test } from 'vitest';
import { renderPath } from '../../../components/kernel/place.ts';
import { checkComponents } from '../../../components/manifest/ossa-components/check.ts';
import { checkStructure } from '../../../components/manifest/structure.ts';
import type { Data, Kind } from '../../../components/manifest/types.ts';
import { check, manifest } from './checking.ts';

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
