import type { ToolCall } from '../../models/types.ts';
import type { SourceLabel } from '../../tools/types.ts';
import type { Before, Harvest, Outcome } from './types.ts';

/** What a call of this turn has read or proposed counts for the next one already. */
export function after(before: Before, outcomes: readonly Outcome[]): Before {
  const proposals = defined(outcomes.map(({ proposal }) => proposal));
  const { soFar } = before;
  return {
    ...before,
    taken: [...before.taken, ...proposals],
    soFar: {
      ...soFar,
      sources: [...new Set([...soFar.sources, ...sourcesOf(outcomes)])].sort(),
      proposals: soFar.proposals + proposals.length,
    },
  };
}

export function harvestOf(calls: readonly ToolCall[], outcomes: readonly Outcome[]): Harvest {
  const denials = defined(outcomes.map(({ denial }) => denial));
  const waiting = defined(outcomes.map((outcome) => outcome.waiting));
  const given = outcomes.findLast((outcome) => outcome.given !== undefined)?.given;
  const misfits = outcomes.filter((outcome) => outcome.misfits).length;
  return {
    results: outcomes.map(({ text, failed }, index) => ({ callId: calls[index]?.id ?? '', text, failed })),
    proposals: defined(outcomes.map(({ proposal }) => proposal)),
    sources: sourcesOf(outcomes),
    report: outcomes.findLast(({ report: said }) => said !== undefined)?.report,
    unclear: outcomes.find(({ unclear }) => unclear !== undefined)?.unclear,
    ...(given === undefined ? {} : { given }),
    ...(misfits === 0 ? {} : { misfits }),
    ...(denials.length === 0 ? {} : { denials }),
    ...(waiting.length === 0 ? {} : { waiting }),
  };
}

function sourcesOf(outcomes: readonly Outcome[]): readonly SourceLabel[] {
  return outcomes.flatMap(({ sources = [] }) => sources);
}

function defined<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value) => value !== undefined);
}
