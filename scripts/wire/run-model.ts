import type { Context } from '../../components/kernel/context.ts';
import { type OpenModel, openModel } from '../../components/models/open-model.ts';
import type { ModelName, Price } from '../../components/models/types.ts';
import type { AgentManifest } from '../../components/session/types.ts';
import { openModelAccess } from './model-access.ts';
import { type ModelInputs, readWire } from './model-inputs.ts';
import { createStreamPrinter } from './run-stream.ts';

/** Says why another model may not answer in a manifest's model's place; undefined where it may. */
export type Refuses = (name: ModelName) => Promise<string | undefined>;

/**
 * Opens the model of a manifest, the recorded one where a cassette is given.
 * @throws what `openModel` and `recordModel` throw, MODEL_HEADER
 */
export async function openRunModel(
  context: Context,
  { provider, model, rules }: AgentManifest,
  inputs: ModelInputs,
  {
    priceOf,
    refuses,
  }: { readonly priceOf: (name: ModelName) => Price | undefined; readonly refuses: Refuses },
): Promise<OpenModel> {
  const cassette = inputs.cassette === '' ? undefined : inputs.cassette;
  const playbook = inputs.playbook === '' ? undefined : inputs.playbook;
  const choice = { provider, model, cassette, playbook, fallbacks: rules.fallbacks, rules: rules.attempts };
  const opened = await openModel(context, choice, {
    ...{ wire: readWire(inputs), url: inputs['model-url'], priceOf, refuses },
    access: (api, name) => openModelAccess(context, api, name),
    onText: inputs.stream ? createStreamPrinter(context) : () => undefined,
    random: Math.random,
  });
  if (inputs.record === '') return opened;
  const { recordModel } = await import('./record-cassette.ts');
  return { ...opened, model: await recordModel(context, inputs.record, opened.model) };
}
