import { describe, expect, test } from 'vitest';
import { check, manifest } from './checking.ts';

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
