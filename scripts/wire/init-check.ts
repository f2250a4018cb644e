import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { type CheckRequest, checkTrustedProject } from '../../components/setup/check.ts';
import { assertNone, checkProjectPaths } from '../../components/setup/inputs.ts';
import { isAllRight, renderCheck } from '../../components/setup/words.ts';
import { type Connection, connect, missingOf } from './setup-connection.ts';

export interface CheckInputs extends Omit<CheckRequest, 'project'>, Connection {}

/** Asks GitLab how a trusted project is set up, and prints a line a check. @throws SETUP_INPUTS_MISSING, SETUP_PATHS_INVALID */
export async function printCheck(
  context: Context,
  { server, project, token, ...rest }: CheckInputs,
): Promise<ExitCode> {
  const connection = { server, project, token };
  assertNone([...missingOf('--check', connection), ...checkProjectPaths(rest.serves)]);
  const lines = await checkTrustedProject(connect(context, connection), { project: project ?? '', ...rest });
  context.print(renderCheck(lines));
  return isAllRight(lines) ? exitCodes.ok : exitCodes.findings;
}
