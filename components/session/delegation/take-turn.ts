import type { Context } from '../../kernel/context.ts';
import { settleCall, tellFiltered } from '../ask-model.ts';
import { openingSources } from '../prompt.ts';
import type { TurnTaken, Work } from '../records.ts';
import { type Delegating, observe } from './delegating.ts';
import { type OpenTurn, openIn } from './open-turn.ts';

interface Answered extends Pick<Work, 'turn' | 'lost'> {
  readonly blocked: ReadonlyMap<number, readonly string[]>;
  /** Undefined where it is the agent's own. */
  readonly of?: string;
}

/** Records a turn before its calls are made: it is paid for, and what they bring may take long. */
export async function takeTurn(
  context: Context,
  parts: Delegating,
  { blocked, lost, ...answered }: Answered,
): Promise<OpenTurn> {
  const { run, chronicle } = parts;
  const seen = observe(parts);
  const taken: TurnTaken = {
    ...{ ...answered, ...seen, sources: openingSources(run) },
    blocked: [...blocked].map(([call, names]) => ({ call, names })),
    ...(lost === undefined ? {} : { lost }),
  };
  await chronicle.append('turn-taken', taken);
  await settleCall(context, run, chronicle);
  tellFiltered(context, seen.filtered ?? []);
  return openIn(chronicle.state()).open;
}
