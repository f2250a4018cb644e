import type { Context } from '../kernel/context.ts';
import type { Message, ModelRequest } from '../models/types.ts';
import { nextMessages } from './agent-replay.ts';
import type { AgentState } from './agent-state.ts';
import { type Conversation, type Gauge, planWindow } from './context-window.ts';
import { filterPeople, type Guard } from './filters/guard.ts';
import { firstMessages } from './prompt.ts';
import type { Ended, Sent } from './records.ts';
import type { ToolBelt } from './tool-belt.ts';
import type { AgentManifest } from './types.ts';

export interface RequestParts {
  readonly manifest: AgentManifest;
  readonly title: string | undefined;
  readonly belt: ToolBelt;
  readonly gauge: Gauge | undefined;
  readonly guard: Guard;
}

export interface PlannedRequest {
  readonly request: ModelRequest;
  readonly sent: Sent | undefined;
}

/** The next request of a session, made of its state; or its end, where the smallest does not fit the manifest's window. */
export function planRequest(
  { redact }: Pick<Context, 'redact'>,
  parts: RequestParts,
  state: AgentState,
): PlannedRequest | Ended {
  const clean = parts.guard.input(redact, state.iterations === 0);
  return planConversation(parts, state, clean, (first) => ({
    ...{ first, rest: filterPeople(nextMessages(state), clean) },
    tools: parts.belt.descriptions,
  }));
}

/**
 * A request by the settings of a manifest, whoever leads the conversation.
 * @param conversation - makes it of the first messages, which are ours
 */
export function planConversation(
  { manifest, title, gauge, guard }: Omit<RequestParts, 'belt'>,
  { measured }: Pick<AgentState, 'measured'>,
  clean: (text: string) => string,
  conversation: (first: readonly Message[]) => Conversation,
): PlannedRequest | Ended {
  const { provider, model, temperature, maxOutputTokens, rules } = manifest;
  const { blocked } = guard.filter(manifest.role, 'input');
  if (blocked.length > 0)
    return {
      outcome: 'blocked',
      reason: `its own prompt holds ${blocked.join(', ')}, which its manifest blocks`,
    };
  const planned = conversation(firstMessages({ ...manifest, role: clean(manifest.role) }, title, clean));
  const window = planWindow(manifest.state, planned, gauge, measured);
  if (!window.ok) return { outcome: 'blocked', reason: window.reason };
  const { messages, sent } = window;
  const { tools } = planned;
  const { topP, frequencyPenalty, presencePenalty } = rules;
  const settings = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
    ...(presencePenalty === undefined ? {} : { presencePenalty }),
  };
  return { request: { provider, model, ...settings, maxOutputTokens, messages, tools }, sent };
}
