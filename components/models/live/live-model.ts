import { canonicalJson, type JsonValue } from '../../kernel/canonical.ts';
import type { Context } from '../../kernel/context.ts';
import { once } from '../../kernel/once.ts';
import { costOf } from '../prices.ts';
import type { Provider } from '../provider.ts';
import type { Model, ModelApi, ModelName, ModelRequest, ModelTurn, Price, Send, Usage } from '../types.ts';
import { type Answer, readStream, turnOf } from './answer.ts';
import {
  type AttemptRules,
  attemptsOf,
  type Candidate,
  createAttempts,
  inWords,
  type Trigger,
} from './attempts.ts';
import { planCall } from './prompt.ts';
import { createTransport } from './transport.ts';

/** A model that can be asked. */
export interface LiveModel {
  readonly name: ModelName;
  readonly provider: Provider;
  readonly api: ModelApi;
  readonly send: Send;
  /** Undefined where nobody knows it; then a call is booked without. */
  readonly price: Price | undefined;
  /** In place of the request's, where the manifest says one for it. */
  readonly temperature: number | undefined;
  /** Undefined for the model that is asked for. */
  readonly trigger: Trigger | undefined;
}

/** What the operator says about requests. */
export interface Wire {
  readonly headers: Readonly<Record<string, string>>;
  readonly silenceMs: number;
  /** Whether answers are asked for in pieces. */
  readonly streams: boolean;
  readonly protocol: 'responses' | 'chat';
}

export interface LiveParts {
  readonly models: readonly [LiveModel, ...LiveModel[]];
  readonly wire: Wire;
  readonly rules: AttemptRules;
  readonly refuses: (name: ModelName) => Promise<string | undefined>;
  /** Told what the model says while it says it, and when a request ends. */
  readonly onText: (delta: string | undefined) => void;
  readonly random: () => number;
}

type Port = Pick<Context, 'clock' | 'redact' | 'cancel' | 'log'>;

/** A model that providers answer for. Nothing is loaded or sent before it is asked. */
export function createLiveModel(port: Port, parts: LiveParts): Model {
  const [first, ...others] = parts.models;
  const candidate = (live: LiveModel): Candidate => ({
    ...{ name: live.name, trigger: live.trigger, ask: askerOf(port, parts, live) },
  });
  const { rules, refuses, random } = parts;
  const candidates = [candidate(first), ...others.map(candidate)] as const;
  const generate = createAttempts(port, { candidates, rules, refuses, random });
  return { id: first.provider.id, attempts: attemptsOf(rules, others.length), generate };
}

function askerOf(port: Port, { wire, onText }: LiveParts, live: LiveModel): Candidate['ask'] {
  const { name, api, provider, send, temperature, price } = live;
  const transport = createTransport(port, { ...wire, model: inWords(name), send });
  const open = once(() =>
    provider.open({
      ...{ baseUrl: api.baseUrl, model: name.model, send: transport },
      ...{ api: name.provider, protocol: wire.protocol },
    }),
  );
  const told = new Set<string>();
  const tell = (feature: string) => {
    if (told.has(feature)) return;
    told.add(feature);
    port.log.warning(`${inWords(name)} does not take ${feature}: it is left out`);
  };
  return async (asked) => {
    const language = await open();
    const request = temperature === undefined ? asked : { ...asked, temperature };
    const call = { ...planCall(request, language, name), abortSignal: port.cancel };
    const read = async (): Promise<Answer> => {
      if (!wire.streams) return language.model.doGenerate(call);
      const { stream } = await language.model.doStream(call);
      return readStream(stream, onText);
    };
    const answer = await read().finally(() => onText(undefined));
    // Nobody has asked for `strict`: where it is not to be had arguments are checked all the same.
    for (const { type, ...what } of answer.warnings)
      if (type === 'unsupported' && 'feature' in what && what.feature !== 'strict') tell(what.feature);
    const turn = turnOf(name, answer);
    const usage = booked(port, name, request, turn);
    return { ...turn, usage, costPicoUsd: price === undefined ? 0n : costOf(price, usage) };
  };
}

/**
 * What a provider does not count is booked as what it can have been at most: some gateways say nothing of it, and a budget
 * would hold nothing.
 */
function booked(
  { log }: Port,
  name: ModelName,
  request: ModelRequest,
  { usage, text, toolCalls }: Omit<ModelTurn, 'costPicoUsd'>,
): Usage {
  if (usage.inputTokens > 0 && usage.outputTokens > 0) return usage;
  const bytes = (value: unknown) => Buffer.byteLength(canonicalJson(value as JsonValue));
  const isSilent = usage.inputTokens === 0;
  if (isSilent)
    log.warning(
      `${inWords(name)} does not say how many tokens it took: as many as there are bytes are booked`,
    );
  return {
    ...usage,
    inputTokens: isSilent ? bytes(request) : usage.inputTokens,
    outputTokens:
      usage.outputTokens > 0
        ? usage.outputTokens
        : Math.min(request.maxOutputTokens, bytes({ text, toolCalls })),
  };
}
