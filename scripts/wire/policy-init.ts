import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { errors } from '../../components/policy/errors.ts';
import { writeFiles } from '../../components/setup/write-files.ts';
import type { PolicyInputs } from './policy-inputs.ts';

/** Writes a policy to begin with and its test. @throws POLICY_STARTER, SETUP_CONFLICT, FILE_UNWRITABLE */
export async function writeStarter(
  context: Context,
  { policies }: Pick<PolicyInputs, 'policies'>,
  [name = 'costly-session']: readonly string[],
): Promise<ExitCode> {
  const { files } = await import('#policies/starters');
  const known = files.map(({ path, text }) => ({ path: path.slice('starters/'.length), text }));
  const wanted = known.filter(({ path }) => path.startsWith(`${name}.`));
  if (wanted.length === 0) {
    const names = new Set(known.map(({ path }) => path.replace(/\..*$/, '')));
    throw errors.STARTER({ got: name, known: [...names].join(', ') });
  }
  const folder = policies.replace(/\/+$/, '');
  const done = await writeFiles(context, folder, wanted);
  for (const { path, written } of done)
    context.print(`${written ? 'written' : 'unchanged'} ${folder}/${path}\n`);
  context.print(`Make it yours, then: pipewright policy test --policies=${folder}\n`);
  return exitCodes.ok;
}
