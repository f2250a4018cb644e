import type { Context } from '../kernel/context.ts';
import { quote } from '../kernel/schema-terms.ts';
import type { ToolCall, ToolDescription } from '../models/types.ts';
import type { ProposalDesk } from '../proposals/types.ts';
import { createArgumentCheck } from './argument-check.ts';
import { createAnswer } from './belt/answer.ts';
import { after, harvestOf } from './belt/harvest.ts';
import { createProposals } from './belt/proposals.ts';
import { blockedBy } from './belt/refusals.ts';
import { createReport } from './belt/report.ts';
import { createTools, type ToolParts } from './belt/tools.ts';
import type { Before, Call, Harvest, Outcome } from './belt/types.ts';
import { createGuard, type Guard } from './filters/guard.ts';
import type { AnswerRules } from './types.ts';

/** Calls of one turn that are done; the rest is answered with a failure. */
export const mostCalls = 16;

/** The tools of an agent: those that its manifest names, the desk's, `report`, and `answer` where it declares one. */
export interface ToolBelt {
  readonly descriptions: readonly ToolDescription[];
  readonly call: (calls: readonly ToolCall[], before: Before) => Promise<Harvest>;
}

export interface BeltParts extends Omit<ToolParts, 'guard' | 'check'> {
  readonly desk: ProposalDesk;
  /** What it is to answer; undefined where nothing is declared. */
  readonly answer?: AnswerRules | undefined;
  /** Without one nothing is filtered. */
  readonly guard?: Guard;
}

export function createToolBelt(context: Context, parts: BeltParts): ToolBelt {
  const { manifest, desk, answer, guard = createGuard([]) } = parts;
  const check = createArgumentCheck();
  const pouches = [
    createTools(context, { ...parts, guard, check }),
    createProposals(manifest, desk),
    createReport(manifest, check),
    ...(answer === undefined ? [] : [createAnswer(answer, check)]),
  ];
  const descriptions = pouches.flatMap((each) => each.descriptions);

  const callOne = async (call: Call): Promise<Outcome> => {
    for (const { find } of pouches) {
      const make = find(call.name);
      if (make !== undefined) return make(call);
    }
    const known = descriptions.map((each) => each.name).join(', ');
    return { text: `There is no tool ${quote(call.name)}; there is ${known}.`, failed: true };
  };

  return {
    descriptions,
    call: async (calls, before) => {
      const outcomes: Outcome[] = [];
      for (const [index, { name, arguments: input }] of calls.entries()) {
        context.cancel.throwIfAborted();
        const refused = blockedBy(before.blocked?.get(index));
        if (refused !== undefined) outcomes.push(refused);
        else if (index >= mostCalls)
          outcomes.push({ text: `At most ${mostCalls} tools are called in one turn.`, failed: true });
        else if (outcomes.some(({ unclear }) => unclear !== undefined))
          outcomes.push({ text: 'Not called: what came of a call before it is not known.', failed: true });
        else outcomes.push(await callOne({ name, input, index, before: after(before, outcomes) }));
      }
      return harvestOf(calls, outcomes);
    },
  };
}
