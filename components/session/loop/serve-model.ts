import type { Context } from '../../kernel/context.ts';
import type { ModelTurn } from '../../models/types.ts';
import { askModel } from '../ask-model.ts';
import { endOfIterations } from '../for-people.ts';
import { pace } from '../pace.ts';
import { planConversation } from '../plan-request.ts';
import type { Ended } from '../records.ts';
import type { ModelRequest } from './message.gen.ts';
import { planMessages, whyNoConversation } from './plan-messages.ts';
import { type Brought, type Serving, soFarIn } from './serving.ts';
import type { LoopAnswer } from './types.ts';

/** Asks the model for a program: the manifest says which, and how; the program says what, and which tools it is told of. */
export async function serveModel(
  context: Context,
  serving: Serving,
  { messages, tools: named }: ModelRequest,
): Promise<Brought | Ended> {
  const { run, chronicle, guard, gauge, belt, watch, known } = serving;
  const state = chronicle.state();
  const refuse = (code: string, message: string): Brought => ({
    answer: { ok: false, error: { code, message } },
  });
  const why = whyNoConversation(messages);
  if (why !== undefined) return refuse('messages', why);
  const all = belt.descriptions;
  const unknown = named?.find((name) => !all.some((each) => each.name === name));
  if (unknown !== undefined)
    return refuse('unknown-tool', `there is only ${all.map(({ name }) => name).join(', ')}`);
  const over = endOfIterations(run.manifest, state) ?? (await pace(context, run.manifest, state, watch));
  if (over !== undefined) return over;
  const tools = named === undefined ? all : all.filter(({ name }) => named.includes(name));
  const clean = (text: string) => {
    // What a program says again does not count again.
    const isFirst = !known.has(text);
    known.add(text);
    return guard.input(context.redact, isFirst)(text);
  };
  const around = { clean, redact: context.redact, loop: state.loop };
  const parts = { ...run, gauge, guard };
  const planned = planConversation(parts, state, clean, (first) => ({
    ...planMessages(messages, first, around),
    tools,
  }));
  if ('outcome' in planned) return planned;
  const answered = await askModel(context, run, { chronicle, guard, soFar: soFarIn(serving) }, planned);
  if ('outcome' in answered) return answered;
  const { turn, blocked, lost } = answered;
  return {
    answer: answerOf(turn, blocked),
    turn: { ...turn, costPicoUsd: String(turn.costPicoUsd) },
    ...(lost === undefined ? {} : { lost }),
  };
}

/** What the program is told: arguments that filters block are none, and the call cannot be made. */
function answerOf(
  { text, toolCalls, usage, cut }: ModelTurn,
  blocked: ReadonlyMap<number, readonly string[]>,
): LoopAnswer {
  const calls = toolCalls.map((call, index) => {
    const by = blocked.get(index);
    return by === undefined ? call : { ...call, arguments: null, blocked: by };
  });
  const { inputTokens, outputTokens } = usage;
  const spent = { inputTokens, outputTokens };
  return {
    ok: true,
    result: { text, toolCalls: calls, usage: spent, ...(cut === undefined ? {} : { cut }) },
  };
}
