import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { changes, filled, interestingValues, isObject, type Json, type Schema } from '../ossa-documents.ts';

const OURS = resolve('schemas/ossa-components');
const UPSTREAM = resolve('../shared/data/ossa');
const upstreamIsHere = existsSync(join(UPSTREAM, 'schemas'));
const needsUpstream = upstreamIsHere ? '' : ' (skipped: upstream data is not beside the repository)';

// Ours against upstream's: the values in which they may differ are listed, and nothing else differs.
describe.skipIf(!upstreamIsHere)(`against upstream${needsUpstream}`, () => {
  const parts = [
    ['completion', 'completion', 'completion-signals', 'CompletionSignalConfiguration'],
    ['completion', 'record', 'completion-signals', 'CompletionMetadata'],
    ['checkpointing', 'checkpointing', 'checkpoint', 'CheckpointConfiguration'],
    ['checkpointing', 'record', 'checkpoint', 'AgentCheckpoint'],
    ['experts', 'experts', 'mixture-of-experts', 'MoEExtension'],
    ['moe', 'moe', 'moe-metrics', 'MOEConfiguration'],
    ['bat', 'bat', 'bat-framework', 'BATFramework'],
    ['capabilities', 'capabilities', 'capability-discovery', 'CapabilityDiscovery'],
    ['capabilities', 'context', 'capability-discovery', 'AgentContext'],
    ['feedback', 'feedback', 'feedback-loops', 'FeedbackExtension'],
    ['feedback', 'record', 'feedback-loops', 'FeedbackRecord'],
    ['feedback', 'summary', 'feedback-loops', 'FeedbackSummary'],
    ['infrastructure', 'substrate', 'infrastructure-substrate', 'InfrastructureSubstrate'],
    ['flow', 'flow', 'flow-kind', 'FlowSpec'],
  ] as const;

  test.each(parts)('%s: %s', (file, definition, theirFile, theirDefinition) => {
    const ours = compile(join(OURS, `${file}.schema.json`), definition);
    const theirs = compile(
      join(UPSTREAM, `schemas/v0.3.5_component_${theirFile}.schema.json`),
      theirDefinition,
    );
    let judged = 0;
    const differing: string[] = [];
    for (const { schema, part } of [ours, theirs]) {
      const document = filled(part, schema);
      if (!isObject(document ?? null)) throw new Error('a component is a mapping');
      for (const { path, value } of changes(document as Json, '', interestingValues(theirs.schema))) {
        judged += 1;
        const [we, they] = [ours.validate(document), theirs.validate(document)];
        if (we !== they && path !== '/storage/location') differing.push(`${path} ${value}: we say ${we}`);
      }
    }
    expect(differing).toEqual([]);
    expect(judged).toBeGreaterThan(50);
  });
});

interface Compiled {
  readonly schema: Schema;
  readonly part: Schema;
  readonly validate: ValidateFunction;
}

function compile(path: string, definition: string): Compiled {
  const schema: Schema = JSON.parse(readFileSync(path, 'utf8'));
  const ajv = new Ajv({ strict: false, logger: false });
  formats.default(ajv);
  ajv.addSchema(schema);
  const part = (schema.definitions as Record<string, Schema>)[definition] ?? {};
  return {
    schema,
    part,
    validate: ajv.compile({ $ref: `${String(schema.$id)}#/definitions/${definition}` }),
  };
}
