import type { Context } from '../../kernel/context.ts';
import { twinErrors } from '../errors.ts';
import type { Checkout } from '../repositories/checkout.ts';
import type { Imported } from '../repositories/import.ts';
import type { RunningTwin } from '../twin.ts';
import type { Step } from './step.ts';

/** A folder that projects of the twin came from, by path of the project. */
export type Sources = ReadonlyMap<string, { readonly checkout: Checkout; readonly imported: Imported }>;

export interface Stage {
  readonly context: Context;
  readonly twin: RunningTwin;
  readonly sources: Sources;
  /** The project of steps that name none. */
  readonly path: string;
  /** User of steps that name none. */
  readonly user: string;
}

export function impossible({ text }: Step, reason: string): Error {
  return twinErrors.STEP_IMPOSSIBLE({ text, reason });
}
