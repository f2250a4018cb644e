import type { ModelTurn } from '../../models/types.ts';
import { cleanJson, cleanTurn } from '../clean-turn.ts';
import type { Filter, Filtered } from './filter.ts';

export interface FilteredTurn {
  readonly turn: ModelTurn;
  /** What became of its texts. */
  readonly seen: readonly Filtered[];
  /** By the number of a call, what blocks it. */
  readonly blocked: ReadonlyMap<number, readonly string[]>;
}

/** A model's turn as it is kept and acted on: filtered, then cleaned. A call whose arguments are blocked is not made. */
export function filterTurn(turn: ModelTurn, filter: Filter, redact: (text: string) => string): FilteredTurn {
  const seen: Filtered[] = [];
  const look = (text: string): Filtered => {
    const filtered = filter(text.toWellFormed(), 'output');
    seen.push(filtered);
    return filtered;
  };
  const blocked = new Map<number, readonly string[]>();
  const toolCalls = turn.toolCalls.map((call, index) => {
    const by = new Set<string>();
    const clean = (text: string) => {
      const filtered = look(text);
      for (const name of filtered.blocked) by.add(name);
      return filtered.text;
    };
    const input = cleanJson(call.arguments, clean) ?? null;
    if (by.size > 0) blocked.set(index, [...by].sort());
    return { ...call, arguments: input };
  });
  const text = look(turn.text).text;
  return { turn: cleanTurn({ ...turn, text, toolCalls }, redact), seen, blocked };
}
