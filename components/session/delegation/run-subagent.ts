import type { Context } from '../../kernel/context.ts';
import { quote } from '../../kernel/schema-terms.ts';
import type { ToolCall } from '../../models/types.ts';
import { cutText, usualLimit } from '../../tools/text.ts';
import { tellFiltered } from '../ask-model.ts';
import { askAbout } from '../for-people.ts';
import { subagentRole } from '../prompt.ts';
import type { Ended } from '../records.ts';
import { createToolBelt, type ToolBelt } from '../tool-belt.ts';
import type { AgentManifest, Subagent } from '../types.ts';
import { askSubagent } from './ask-subagent.ts';
import { type Delegating, observe } from './delegating.ts';
import { failedCall, makeOne } from './make-one.ts';
import { type Made, pendingIn, type Task, taskIn } from './open-turn.ts';

/**
 * Lets a subagent work on its task, from where the records leave it: turns of the model and calls of its tools, each recorded before
 * it is acted on. Gives what its agent is told, or the end of this job's share.
 */
export async function runSubagent(
  context: Context,
  parts: Delegating,
  subagent: Subagent,
  call: ToolCall,
): Promise<Made | Ended> {
  const { run, chronicle, guard } = parts;
  const manifest = manifestOf(run.manifest, subagent);
  const desk = { tools: [], take: nothingTaken };
  const belt = createToolBelt(context, { ...run, manifest, guard, desk, answer: undefined });
  // It reports to its agent by its answer alone, and has no tool that the manifest does not name for it.
  const tools = belt.descriptions.filter(({ name }) => manifest.tools.includes(name));
  for (;;) {
    context.cancel.throwIfAborted();
    const { task } = taskIn(chronicle.state());
    const last = task.messages.at(-1);
    if (pendingIn(task).length > 0) {
      const end = await makeNext(context, parts, belt, task);
      if (end !== undefined) return end;
    } else if (last?.role === 'assistant') return answerOf(context, parts, task, call);
    else {
      const asked = await askSubagent(context, parts, { subagent, manifest, tools, task });
      if (asked === undefined) run.onIteration(chronicle.state());
      else if ('outcome' in asked) return asked;
      else {
        const denials = [...task.denials, ...asked.denials];
        return unfinished(context, parts, { ...task, denials }, call, asked.why);
      }
    }
  }
}

/** The manifest of a subagent: that of its agent, with less. */
function manifestOf(manifest: AgentManifest, { role, model, tools }: Subagent): AgentManifest {
  return { ...manifest, role: subagentRole(role), model, tools, subagents: [] };
}

function nothingTaken(): { readonly ok: false; readonly said: string } {
  return { ok: false, said: 'A subagent proposes nothing.' };
}

/** Makes the next call of a subagent's turn; gives the end where nobody knows what came of it. */
async function makeNext(
  context: Context,
  parts: Delegating,
  belt: ToolBelt,
  task: Task,
): Promise<Ended | undefined> {
  const { chronicle } = parts;
  const made = await makeOwn(context, parts, belt, task);
  if (made.unclear !== undefined) return askAbout(made.unclear);
  const seen = observe(parts);
  await chronicle.append('call-made', { ...made, of: task.subagent, ...seen });
  tellFiltered(context, seen.filtered ?? []);
  return undefined;
}

async function makeOwn(
  context: Context,
  parts: Delegating,
  belt: ToolBelt,
  { messages, blocked, subagent }: Task,
): Promise<Made> {
  const [call] = pendingIn({ messages });
  if (call === undefined) throw new TypeError('the subagent has no call to make');
  const { tools } = parts.run.manifest.subagents.find(({ name }) => name === subagent) ?? { tools: [] };
  const isOwn = tools.some((id) => id === call.name || id === call.name.replaceAll('_', '-'));
  if (!isOwn) return failedCall(call, `You have no tool ${quote(call.name)}.`);
  const at = messages.findLastIndex(({ role }) => role === 'assistant');
  const placed = { call, index: messages.length - at - 1, blocked };
  const { waiting, ...made } = await makeOne(context, parts, belt, placed, {
    approved: [],
    onApproved: async () => undefined,
  });
  if (waiting === undefined) return made;
  return failedCall(call, 'A person must approve this call, and a subagent can ask none. It was not made.');
}

/** What the subagent has said, as its agent gets it: a stranger's text, since it was made of what it has read. */
function answerOf(context: Context, parts: Delegating, task: Task, call: ToolCall): Made {
  const text = textOf(task);
  if (task.cut !== undefined) return unfinished(context, parts, task, call, 'its answer was cut off');
  if (text.trim() === '') return unfinished(context, parts, task, call, 'it has said nothing');
  const said = wrap(context, parts, text);
  return {
    results: [{ callId: call.id, text: said.text, failed: said.failed }],
    ...{ proposals: [], sources: [], report: undefined, ...denialsOf(task) },
  };
}

/** The same of one that came to no answer. */
function unfinished(context: Context, parts: Delegating, task: Task, call: ToolCall, why: string): Made {
  const text = textOf(task);
  const said = text.trim() === '' ? '' : `\nThe last that it said:\n${wrap(context, parts, text).text}`;
  return failedCall(call, `The subagent has not finished: ${why}.${said}`, denialsOf(task));
}

function wrap({ redact }: Context, { guard }: Delegating, text: string) {
  const cut = (known: string) => cutText(known, usualLimit, 'give it a smaller task');
  return guard.wrap({ text, failed: false }, 'subagent', redact, cut);
}

function textOf({ messages }: Task): string {
  const last = messages.findLast(({ role }) => role === 'assistant');
  return last?.role === 'assistant' ? last.text : '';
}

function denialsOf({ denials }: Task) {
  return denials.length === 0 ? {} : { denials };
}
