import type { Action, PolicyRequest } from './types.ts';

const words: Readonly<Record<Exclude<Action, 'propose'>, string>> = {
  run: 'to run',
  resume: 'to go on with its session',
  use_model: 'to use this model',
  call_tool: 'to call this tool',
  delegate: 'to give a task to this subagent',
};

/** What an agent wants: `to run`, `to propose: note`. */
export function wishInWords({ action, resource }: Pick<PolicyRequest, 'action' | 'resource'>): string {
  return action === 'propose' ? `to propose: ${resource}` : words[action];
}
