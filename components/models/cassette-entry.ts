import { canonicalJson, type Digest, digest, type JsonValue } from '../kernel/canonical.ts';
import { kindInWords, shown } from '../kernel/schema-terms.ts';
import type { ModelTurn, ToolCall, Usage } from './types.ts';

export type ParsedEntry =
  | { readonly ok: true; readonly request: JsonValue; readonly digest: Digest; readonly turn: ModelTurn }
  | { readonly ok: false; readonly reasons: readonly string[] };

type Data = Readonly<Record<string, unknown>>;

const cuts = ['length', 'content-filter', 'other'] as const;

/** Reads one line of a cassette; every mistake of it is told. */
export function parseEntry(line: string): ParsedEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { ok: false, reasons: [`the line is not JSON: ${(error as Error).message}`] };
  }
  if (!isData(value))
    return { ok: false, reasons: [`the line is ${kindInWords(value)}, expected a mapping`] };
  const reasons: string[] = [];
  const actual = digestOf(value.request, reasons);
  const turnReason = whyNotJson(value.turn);
  if (turnReason !== undefined)
    return { ok: false, reasons: [...reasons, `turn is no JSON of ours: ${turnReason}`] };
  if (actual !== undefined && value.digest !== actual)
    reasons.push(`digest is ${shown(value.digest)}, but that of the request is "${actual}"`);
  const turn = readTurn(value.turn, reasons);
  if (reasons.length > 0 || actual === undefined) return { ok: false, reasons };
  return { ok: true, request: value.request as JsonValue, digest: actual, turn };
}

function digestOf(request: unknown, reasons: string[]): Digest | undefined {
  if (!isData(request) || !Array.isArray(request.messages)) {
    reasons.push('request is no mapping with a list of messages');
    return undefined;
  }
  const reason = whyNotJson(request);
  if (reason === undefined) return digest(request as JsonValue);
  reasons.push(`request is no JSON of ours: ${reason}`);
  return undefined;
}

/** Half a surrogate pair, or so deep that the stack overflows. */
function whyNotJson(value: unknown): string | undefined {
  try {
    canonicalJson((value ?? null) as JsonValue);
    return undefined;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return error.message;
  }
}

/** Reads a turn; where something is wrong the value is of no use. */
function readTurn(value: unknown, reasons: string[]): ModelTurn {
  const turn = isData(value) ? value : {};
  const usage = isData(turn.usage) ? turn.usage : {};
  const expect = (isRight: boolean, place: string, got: unknown, expected: string): void => {
    if (!isRight) reasons.push(`${place} is ${shown(got)}, expected ${expected}`);
  };
  const count = (name: string): number => {
    const tokens = usage[name];
    const isCount = Number.isSafeInteger(tokens) && Number(tokens) >= 0;
    expect(isCount, `turn.usage.${name}`, tokens, 'a whole number of tokens');
    return Number(tokens);
  };
  expect(typeof turn.text === 'string', 'turn.text', turn.text, 'text');
  expect(Array.isArray(turn.toolCalls), 'turn.toolCalls', turn.toolCalls, 'a list');
  const calls = Array.isArray(turn.toolCalls) ? turn.toolCalls : [];
  for (const [index, call] of calls.entries())
    expect(isCall(call), `turn.toolCalls[${index}]`, call, 'a mapping with id, name and arguments');
  const optional = (name: keyof Usage) => (usage[name] === undefined ? {} : { [name]: count(name) });
  const cost = turn.costPicoUsd;
  const isCost = typeof cost === 'string' && /^\d{1,30}$/.test(cost);
  expect(isCost, 'turn.costPicoUsd', cost, 'a whole number of 10⁻¹² USD in quotes');
  return {
    text: String(turn.text),
    toolCalls: calls.map(({ id, name, arguments: args }: ToolCall) => ({ id, name, arguments: args })),
    usage: {
      ...{ inputTokens: count('inputTokens'), outputTokens: count('outputTokens') },
      ...{ ...optional('cachedInputTokens'), ...optional('reasoningTokens') },
    },
    costPicoUsd: BigInt(isCost ? cost : 0),
    ...readRest(turn, expect),
  };
}

type Expect = (isRight: boolean, place: string, got: unknown, expected: string) => void;

/** What only some turns have. */
function readRest(turn: Data, expect: Expect): Partial<ModelTurn> {
  const { cut, answeredBy, unanswered, providerData } = turn;
  const isCut = cut === undefined || cuts.some((each) => each === cut);
  expect(isCut, 'turn.cut', cut, `one of: ${cuts.join(', ')}`);
  const hasTexts = (value: unknown, ...names: readonly string[]) =>
    value === undefined || (isData(value) && names.every((name) => typeof value[name] === 'string'));
  const isNamed = hasTexts(answeredBy, 'provider', 'model');
  expect(isNamed, 'turn.answeredBy', answeredBy, 'a mapping with provider and model');
  const isCount = unanswered === undefined || (Number.isSafeInteger(unanswered) && Number(unanswered) > 0);
  expect(isCount, 'turn.unanswered', unanswered, 'a whole number above 0');
  const isKept = hasTexts(providerData, 'api', 'model') && Array.isArray((providerData as Data)?.parts ?? []);
  expect(isKept, 'turn.providerData', providerData, 'a mapping with api, model and parts');
  return {
    ...(cut === undefined ? {} : { cut }),
    ...(answeredBy === undefined ? {} : { answeredBy }),
    ...(unanswered === undefined ? {} : { unanswered }),
    ...(providerData === undefined ? {} : { providerData }),
  } as Partial<ModelTurn>;
}

function isCall(call: unknown): boolean {
  if (!isData(call)) return false;
  return typeof call.id === 'string' && typeof call.name === 'string' && call.arguments !== undefined;
}

function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
