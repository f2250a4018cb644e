import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import type { JsonValue } from '../../kernel/canonical.ts';
import type { LanguageModel } from '../provider.ts';
import type { Message, ModelName, ModelRequest, ToolCall } from '../types.ts';
import { type KeptPart, partsFor } from './provider-data.ts';

type Assistant = Extract<Message, { role: 'assistant' }>;
type Result = Extract<Message, { role: 'tool' }>;

/** A request as the packages of providers take it, for the model that is to answer it. */
export function planCall(
  request: ModelRequest,
  { options, ...takes }: Pick<LanguageModel, 'options' | 'strict' | 'takesStrict'>,
  of: ModelName,
): LanguageModelV4CallOptions {
  const { temperature, topP, frequencyPenalty, presencePenalty, maxOutputTokens } = request;
  return {
    prompt: promptOf(request.messages, of),
    maxOutputTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
    ...(presencePenalty === undefined ? {} : { presencePenalty }),
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map((tool) => toolOf(tool, takes)) }),
    providerOptions: options,
  };
}

function toolOf(
  { name, description, parameters, ...wants }: ModelRequest['tools'][number],
  takes: Pick<LanguageModel, 'strict' | 'takesStrict'>,
): LanguageModelV4FunctionTool {
  const strict = wants.strict && takes.takesStrict ? true : takes.strict;
  const inputSchema = parameters as LanguageModelV4FunctionTool['inputSchema'];
  return {
    type: 'function',
    ...{ name, description, inputSchema },
    ...(strict === undefined ? {} : { strict }),
  };
}

/** Results that follow one turn are one message, as all providers have it. */
function promptOf(messages: readonly Message[], of: ModelName): LanguageModelV4Message[] {
  const prompt: LanguageModelV4Message[] = [];
  let called: readonly ToolCall[] = [];
  for (const message of messages) {
    const last = prompt.at(-1);
    switch (message.role) {
      case 'system':
        prompt.push({ role: 'system', content: message.text });
        break;
      case 'user':
        prompt.push({ role: 'user', content: [{ type: 'text', text: message.text }] });
        break;
      case 'assistant':
        called = message.toolCalls;
        prompt.push(assistantOf(message, of));
        break;
      case 'tool': {
        const result = resultOf(message, called);
        if (last?.role === 'tool') last.content.push(result);
        else prompt.push({ role: 'tool', content: [result] });
      }
    }
  }
  // Providers refuse a turn in which nothing was said.
  return prompt.filter(({ role, content }) => role !== 'assistant' || content.length > 0);
}

function assistantOf(
  { text, toolCalls, providerData }: Assistant,
  of: ModelName,
): Extract<LanguageModelV4Message, { role: 'assistant' }> {
  const parts = partsFor(providerData, of);
  const dataOf = (kind: KeptPart['kind'], id?: string) => {
    const found = parts.find((part) => part.kind === kind && part.id === id)?.data;
    return found === undefined ? {} : { providerOptions: found as SharedV4ProviderOptions };
  };
  const thought = parts.filter(({ kind }) => kind === 'reasoning');
  return {
    role: 'assistant',
    content: [
      ...thought.map((part) => ({
        type: 'reasoning' as const,
        text: part.text ?? '',
        providerOptions: part.data as SharedV4ProviderOptions,
      })),
      ...(text === '' ? [] : [{ type: 'text' as const, text, ...dataOf('text') }]),
      ...toolCalls.map((call) => ({
        type: 'tool-call' as const,
        ...{ toolCallId: call.id, toolName: call.name, input: asMapping(call.arguments) },
        ...dataOf('call', call.id),
      })),
    ],
  };
}

/** Providers take mappings only; what a model wrote instead it is shown as it was. */
function asMapping(input: JsonValue): JsonValue {
  const isMapping = typeof input === 'object' && input !== null && !Array.isArray(input);
  return isMapping ? input : { unreadable: input };
}

function resultOf({ callId, text, failed }: Result, called: readonly ToolCall[]) {
  const toolName = called.find(({ id }) => id === callId)?.name ?? 'unknown';
  const output = { type: failed ? ('error-text' as const) : ('text' as const), value: text };
  return { type: 'tool-result' as const, toolCallId: callId, toolName, output };
}
