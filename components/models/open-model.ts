import type { Context } from '../kernel/context.ts';
import { openCassette } from './cassette.ts';
import { errors } from './errors.ts';
import type { Model } from './types.ts';

/** What a manifest asks for, and what is to answer. */
export interface ModelChoice {
  readonly provider: string;
  readonly model: string;
  /** File of recorded turns. */
  readonly cassette: string | undefined;
}

/** Opens what answers; one that is missing is never replaced by another. @throws MODEL_MISSING, MODEL_CASSETTE_INVALID */
export async function openModel(context: Context, choice: ModelChoice): Promise<Model> {
  if (choice.cassette === undefined) throw errors.MISSING(choice);
  return openCassette(context, choice.cassette);
}
