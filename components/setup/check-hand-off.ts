import { type Configuration, playbooksOf } from './configuration.ts';
import { note, ofKnown, ok } from './lines.ts';
import type { CheckLine, Known } from './types.ts';

/** How a job of `gate` in a served project hands off. */
export interface HandOff {
  /** Also where nothing is proposed. */
  readonly always: boolean;
  /** Also where a job before it has failed. */
  readonly afterFailures: boolean;
}

/**
 * Sessions of the trusted project begin with a hand-off alone, never on the schedule: where none comes they do not. That may be
 * meant, so it is told and no mistake.
 */
export function checkHandOff(
  gates: Known<readonly HandOff[]> | undefined,
  configuration: Configuration | undefined,
): readonly CheckLine[] {
  if (gates === undefined || configuration === undefined || configuration.sessions.length === 0) return [];
  const explainsFailures = playbooksOf(configuration).length > 0;
  return [ofKnown('hand-off', { gates }, (known) => judge(known.gates, explainsFailures))];
}

function judge(gates: readonly HandOff[], explainsFailures: boolean): CheckLine {
  const check = 'hand-off';
  if (!gates.some(({ always }) => always))
    return note(
      check,
      'only of pipelines that propose something: for others no session begins in the trusted project; `hand-off: always` at the component gate begins one',
    );
  if (explainsFailures && !gates.some(({ always, afterFailures }) => always && afterFailures))
    return note(
      check,
      'only where no job before gate has failed, which is what the playbook explains; `pipewright-gate: { when: always }` beside the include hands off then too',
    );
  return ok(check, `of every pipeline of a merge request${explainsFailures ? ', after failures too' : ''}`);
}
