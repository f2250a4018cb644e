import type { Context } from '../kernel/context.ts';
import type { ModelRequest } from '../models/types.ts';
import { type AgentState, nextMessages } from './agent-state.ts';
import { type Gauge, planWindow } from './context-window.ts';
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
  { manifest, title, belt, gauge, guard }: RequestParts,
  state: AgentState,
): PlannedRequest | Ended {
  const { provider, model, temperature, maxOutputTokens, rules } = manifest;
  const tools = belt.descriptions;
  const { blocked } = guard.filter(manifest.role, 'input');
  if (blocked.length > 0)
    return {
      outcome: 'blocked',
      reason: `its own prompt holds ${blocked.join(', ')}, which its manifest blocks`,
    };
  const clean = guard.input(redact, state.iterations === 0);
  const first = firstMessages({ ...manifest, role: clean(manifest.role) }, title, clean);
  const rest = filterPeople(nextMessages(state), clean);
  const conversation = { first, rest, tools };
  const window = planWindow(manifest.state, conversation, gauge, state.measured);
  if (!window.ok) return { outcome: 'blocked', reason: window.reason };
  const { messages, sent } = window;
  const { topP, frequencyPenalty, presencePenalty } = rules;
  const settings = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
    ...(presencePenalty === undefined ? {} : { presencePenalty }),
  };
  return { request: { provider, model, ...settings, maxOutputTokens, messages, tools }, sent };
}
