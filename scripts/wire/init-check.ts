import { createGitLab } from '../../components/gitlab/client.ts';
import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { type CheckRequest, checkTrustedProject } from '../../components/setup/check.ts';
import { errors } from '../../components/setup/errors.ts';
import { assertNone, checkProjectPaths } from '../../components/setup/inputs.ts';
import { isAllRight, renderCheck } from '../../components/setup/words.ts';

export interface CheckInputs extends Omit<CheckRequest, 'project'> {
  readonly server: string | undefined;
  readonly project: string | undefined;
  readonly token: string | undefined;
}

/** Asks GitLab how a trusted project is set up, and prints a line a check. @throws SETUP_INPUTS_MISSING, SETUP_PATHS_INVALID */
export async function printCheck(
  context: Context,
  { server = '', project = '', token = '', ...rest }: CheckInputs,
): Promise<ExitCode> {
  const asked = { '--server': server, '--project': project, 'the variable PIPEWRIGHT_SETUP_TOKEN': token };
  const missing = Object.entries(asked).flatMap(([name, value]) => (value === '' ? [name] : []));
  assertNone([
    ...(missing.length === 0
      ? []
      : [errors.INPUTS_MISSING({ doing: '--check', missing: missing.join(', ') })]),
    ...checkProjectPaths(rest.serves),
  ]);
  const apiUrl = `${server.replace(/\/+$/, '')}/api/v4`;
  const gitlab = createGitLab(context, { apiUrl, token: { kind: 'private', value: token } });
  const lines = await checkTrustedProject(gitlab, { project, ...rest });
  context.print(renderCheck(lines));
  return isAllRight(lines) ? exitCodes.ok : exitCodes.findings;
}
