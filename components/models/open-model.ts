import type { Context } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { openCassette } from './cassette.ts';
import { errors } from './errors.ts';
import { findApi } from './find-api.ts';
import type { AttemptRules, Trigger } from './live/attempts.ts';
import type { LiveModel, LiveParts, Wire } from './live/live-model.ts';
import type { Model, ModelApi, ModelName, Price, Send } from './types.ts';

/** A model that may answer in the place of the one that is asked for. */
export interface Fallback extends ModelName {
  readonly temperature: number | undefined;
  readonly trigger: Trigger;
}

/** What a manifest asks for, and what is to answer. */
export interface ModelChoice extends ModelName {
  /** File of recorded turns. */
  readonly cassette: string | undefined;
  /** File of known causes of failed jobs. */
  readonly playbook?: string | undefined;
  readonly fallbacks: readonly Fallback[];
  /** Further models of the same provider that requests may name; nothing answers in their place. */
  readonly further?: readonly string[];
  readonly rules: AttemptRules;
}

/** How a model is reached, of which a manifest says nothing. */
export interface ModelWay extends Pick<LiveParts, 'onText' | 'refuses' | 'random'> {
  readonly wire: Wire;
  /** Address of the API of the manifest's provider; empty takes the provider's own. */
  readonly url: string;
  readonly priceOf: (name: ModelName) => Price | undefined;
  /** Opens the one way to these APIs; whoever it is, it holds the keys. */
  readonly access: (apis: readonly ModelApi[]) => Promise<Access>;
}

/** The way to one of the APIs that were named, for a model. @throws MODEL_KEY_MISSING, MODEL_URL */
export type Access = (api: ModelApi, name: ModelName) => Send;

/**
 * Opens what answers; one that is missing is never replaced by another. Nothing is sent before it is asked.
 * @throws MODEL_MISSING, MODEL_KEY_MISSING, MODEL_URL, MODEL_CASSETTE_INVALID, MODEL_PLAYBOOK, MODEL_TWO
 */
export async function openModel(context: Context, choice: ModelChoice, way: ModelWay): Promise<Model> {
  const { cassette, playbook } = choice;
  if (cassette !== undefined && playbook !== undefined)
    throw errors.TWO({ given: 'a cassette and a playbook' });
  if (cassette !== undefined) return openCassette(context, cassette);
  if (playbook !== undefined) {
    const { openPlaybook } = await import('./playbook.ts');
    return openPlaybook(context, playbook);
  }
  const { provider, model } = choice;
  // The operator's address is of one API, and no key of another is sent there.
  const find = (name: ModelName) => findApi(name, name.provider === provider ? way.url : '');
  const own = { name: { provider, model }, temperature: undefined, trigger: undefined, ...find(choice) };
  const others = choice.fallbacks.flatMap(({ provider, model, temperature, trigger }) => {
    const name = { provider, model };
    return unlessLeftOut(context, name, () => ({ name, temperature, trigger, ...find(name) }));
  });
  const further = (choice.further ?? []).map((each) => {
    const name = { provider, model: each };
    return { name, temperature: undefined, trigger: undefined, ...find(name) };
  });
  const apis = new Map([own, ...others, ...further].map(({ api }) => [api.id, api]));
  const access = await way.access([...apis.values()]);
  const live = (found: typeof own | (typeof others)[number]): LiveModel => ({
    ...{ ...found, send: access(found.api, found.name), price: way.priceOf(found.name) },
  });
  const first = live(own);
  const fallbacks = others.flatMap((other) => unlessLeftOut(context, other.name, () => live(other)));
  const { createLiveModel } = await import('./live/live-model.ts');
  const { wire, refuses, onText, random } = way;
  const open = (models: LiveParts['models']) =>
    createLiveModel(context, { models, wire, rules: choice.rules, refuses, onText, random });
  const named = new Map(further.map((each) => [each.name.model, open([live(each)])]));
  return byName(open([first, ...fallbacks]), named);
}

/** A request is answered by the model that it names. */
function byName(first: Model, named: ReadonlyMap<string, Model>): Model {
  if (named.size === 0) return first;
  const { generate } = first;
  return { ...first, generate: (request) => (named.get(request.model)?.generate ?? generate)(request) };
}

/** A session that would do without it does: its own model is there. */
function unlessLeftOut<T>({ log }: Context, { provider, model }: ModelName, open: () => T): T[] {
  try {
    return [open()];
  } catch (error) {
    const codes = [errors.MISSING, errors.KEY_MISSING, errors.URL].map(({ code }) => code);
    if (!(error instanceof Failure) || !codes.includes(error.code)) throw error;
    log.warning(`${provider}/${model} of spec.llm.fallback_models is left out: ${error.message}`);
    return [];
  }
}
