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
  readonly rules: AttemptRules;
}

/** How a model is reached, of which a manifest says nothing. */
export interface ModelWay extends Pick<LiveParts, 'onText' | 'refuses' | 'random'> {
  readonly wire: Wire;
  /** Address of the API of the manifest's provider; empty takes the provider's own. */
  readonly url: string;
  readonly priceOf: (name: ModelName) => Price | undefined;
  /** Opens the one way to an API; whoever it is, it holds the key. */
  readonly access: (
    api: ModelApi,
    name: ModelName,
  ) => Promise<{ readonly send: Send; readonly close: () => Promise<void> }>;
}

export interface OpenModel {
  readonly model: Model;
  readonly close: () => Promise<void>;
}

/**
 * Opens what answers; one that is missing is never replaced by another. Nothing is sent before it is asked.
 * @throws MODEL_MISSING, MODEL_KEY_MISSING, MODEL_URL, MODEL_CASSETTE_INVALID, MODEL_PLAYBOOK, MODEL_TWO
 */
export async function openModel(context: Context, choice: ModelChoice, way: ModelWay): Promise<OpenModel> {
  const { cassette, playbook } = choice;
  if (cassette !== undefined && playbook !== undefined)
    throw errors.TWO({ given: 'a cassette and a playbook' });
  const close = async () => undefined;
  if (cassette !== undefined) return { model: await openCassette(context, cassette), close };
  if (playbook !== undefined) {
    const { openPlaybook } = await import('./playbook.ts');
    return { model: await openPlaybook(context, playbook), close };
  }
  const closing: (() => Promise<void>)[] = [];
  const open = async (
    name: ModelName,
    own: Pick<LiveModel, 'temperature' | 'trigger'>,
  ): Promise<LiveModel> => {
    // The operator's address is of one API, and no key of another is sent there.
    const found = findApi(name, name.provider === choice.provider ? way.url : '');
    const { send, close } = await way.access(found.api, name);
    closing.push(close);
    return { ...found, ...own, name, send, price: way.priceOf(name) };
  };
  const { provider, model } = choice;
  const first = await open({ provider, model }, { temperature: undefined, trigger: undefined });
  const others: LiveModel[] = [];
  for (const fallback of choice.fallbacks) {
    const { temperature, trigger, ...name } = fallback;
    const live = await open({ ...name }, { temperature, trigger }).catch((error: unknown) => {
      tellLeftOut(context, name, error);
      return undefined;
    });
    if (live !== undefined) others.push(live);
  }
  const { createLiveModel } = await import('./live/live-model.ts');
  const { wire, refuses, onText, random } = way;
  const parts = { models: [first, ...others], wire, rules: choice.rules, refuses, onText, random } as const;
  return {
    model: createLiveModel(context, parts),
    close: async () => {
      for (const close of closing) await close();
    },
  };
}

/** A session that would do without it does: its own model is there. */
function tellLeftOut({ log }: Context, { provider, model }: ModelName, error: unknown): void {
  const codes = [errors.MISSING, errors.KEY_MISSING, errors.URL].map(({ code }) => code);
  if (!(error instanceof Failure) || !codes.includes(error.code)) throw error;
  log.warning(`${provider}/${model} of spec.llm.fallback_models is left out: ${error.message}`);
}
