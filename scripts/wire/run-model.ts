import type { Context } from '../../components/kernel/context.ts';
import { type ModelWay, openModel } from '../../components/models/open-model.ts';
import type { Model, ModelName, Price } from '../../components/models/types.ts';
import { furtherModels } from '../../components/session/read-subagents.ts';
import type { AgentManifest } from '../../components/session/types.ts';
import { type ModelInputs, readWire } from './model-inputs.ts';
import { createStreamPrinter } from './run-stream.ts';

/** Says why another model may not answer in a manifest's model's place; undefined where it may. */
export type Refuses = (name: ModelName) => Promise<string | undefined>;

interface RunModelParts extends Pick<ModelWay, 'access'> {
  readonly priceOf: (name: ModelName) => Price | undefined;
  readonly refuses: Refuses;
}

/**
 * Opens the model of a manifest, the recorded one where a cassette is given.
 * @throws what `openModel` and `recordModel` throw, MODEL_HEADER
 */
export async function openRunModel(
  context: Context,
  manifest: AgentManifest,
  inputs: ModelInputs,
  { priceOf, refuses, access }: RunModelParts,
): Promise<Model> {
  const { provider, model: name, rules } = manifest;
  const cassette = inputs.cassette === '' ? undefined : inputs.cassette;
  const playbook = inputs.playbook === '' ? undefined : inputs.playbook;
  const recorded = { cassette, playbook };
  const { fallbacks, attempts } = rules;
  const further = furtherModels(manifest);
  const choice = { provider, model: name, ...recorded, fallbacks, further, rules: attempts };
  const model = await openModel(context, choice, {
    ...{ wire: readWire(inputs), url: inputs['model-url'], priceOf, refuses, access },
    onText: inputs.stream ? createStreamPrinter(context) : () => undefined,
    random: Math.random,
  });
  if (inputs.record === '') return model;
  const { recordModel } = await import('./record-cassette.ts');
  return recordModel(context, inputs.record, model);
}
