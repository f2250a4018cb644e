import { isInTrain } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { parseCarried } from './continuation.ts';
import { type RunInputs, runAt } from './run-at.ts';
import { clearFiles } from './run-files.ts';
import { openPlace } from './run-inputs.ts';
import { findSession } from './session-after.ts';
import { readKeys, type SessionSecrets } from './session-inputs.ts';

/** What the command is given; keys, the session and what is carried on are read from it. */
export type GivenInputs = Omit<RunInputs, 'keys' | 'carried'> &
  SessionSecrets &
  Parameters<typeof openPlace>[1] &
  Parameters<typeof findSession>[1] & { readonly carry: string };

/** Runs what the inputs say, in this checkout or for a merge request elsewhere. Mistakes in them are told before anything is touched. */
export async function runHere(context: Context, folder: string, inputs: GivenInputs): Promise<ExitCode> {
  if (isInTrain(context.env)) {
    context.print('a merge train only checks what is about to be merged: no agent runs in it\n');
    return exitCodes.ok;
  }
  const named = await findSession(context, inputs);
  const given = { ...inputs, ...named, keys: readKeys(inputs), carried: parseCarried(inputs.carry) };
  await clearFiles(context, folder);
  const place = await openPlace(context, inputs);
  try {
    return await runAt(context, place, folder, given);
  } finally {
    await place.close();
  }
}
