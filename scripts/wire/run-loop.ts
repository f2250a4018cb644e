import type { Context } from '../../components/kernel/context.ts';
import type { DeclaredLoop } from '../../components/proposals/extension.gen.ts';
import type { Sandbox } from '../../components/sandbox/types.ts';
import { planCommand } from '../../components/session/entrypoint.ts';
import type { Program } from '../../components/session/loop/types.ts';
import type { RunPlace } from './run-place.ts';
import { readByScripts } from './run-tools.ts';

/** The program that is an agent, of the commit that its manifest is of; undefined where our own loop is. @throws SESSION_ENTRYPOINT */
export async function planProgram(
  context: Context,
  place: Pick<RunPlace, 'programs' | 'target'>,
  loop: DeclaredLoop | undefined,
  sandbox: Sandbox,
): Promise<Program | undefined> {
  if (loop === undefined) return undefined;
  const root = await place.programs();
  const command = await planCommand(context, root, loop.entrypoint);
  return { sandbox, root, command: [...command, ...(loop.args ?? [])], reads: readByScripts(place.target) };
}
