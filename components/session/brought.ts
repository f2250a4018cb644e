import type { AgentState } from './agent-state.ts';
import { sumFound } from './filters/filter.ts';
import type { Denial, Work } from './records.ts';
import { lostOf, spentBy, withLost, withTurn } from './usage.ts';

/** What calls of tools bring to a state, whoever has asked for them. */
export function withBrought(state: AgentState, work: Omit<Work, 'turn' | 'lost'>): AgentState {
  const { results, report, proposals, given, misfits = 0 } = work;
  return {
    ...state,
    unclear: work.unclear,
    ended: undefined,
    errors: state.errors + results.filter(({ failed }) => failed).length,
    report: report ?? state.report,
    given: given ?? state.given,
    misfits: state.misfits + misfits,
    denials: countDenials(state.denials, work.denials),
    calls: state.calls + results.length,
    recent: withCalls(state.recent, results.length),
    waiting: work.waiting ?? [],
    proposals: [...state.proposals, ...proposals],
    sources: [...new Set([...state.sources, ...work.sources])].sort(),
    filtered: sumFound([...state.filtered, ...(work.filtered ?? [])]),
    dataClasses: [...new Set([...state.dataClasses, ...(work.classes ?? [])])].sort(),
    elapsed: work.elapsed,
  };
}

/** What a call of the model was and took. */
export function withTurnOf(state: AgentState, { turn, lost }: Pick<Work, 'turn' | 'lost'>): AgentState {
  return {
    ...state,
    isCalled: false,
    lastCall: state.lastCall && { ...state.lastCall, actual: spentBy(turn, lostOf(lost)) },
    iterations: state.iterations + 1,
    usage: withTurn(withLost(state.usage, lost), turn),
  };
}

/** Its calls of tools count when their turn was asked for. */
function withCalls(recent: AgentState['recent'], calls: number): AgentState['recent'] {
  const last = recent.at(-1);
  return last === undefined ? recent : [...recent.slice(0, -1), { ...last, tools: last.tools + calls }];
}

export function countDenials(
  before: AgentState['denials'],
  denials: readonly Denial[] = [],
): AgentState['denials'] {
  const counts = { ...before };
  for (const policy of denials.flatMap(({ policies }) => policies))
    counts[policy] = (counts[policy] ?? 0) + 1;
  return counts;
}
