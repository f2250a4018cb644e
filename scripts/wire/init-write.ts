import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { type Asked, planProject } from '../../components/setup/inputs.ts';
import { type Place, renderFiles, renderSteps } from '../../components/setup/texts.ts';
import { writeFiles } from '../../components/setup/write-files.ts';

/** Writes the files of a trusted project and says what is left to do. */
export async function writeTrustedProject(
  context: Context,
  folder: string,
  asked: Asked,
  place: Place,
): Promise<ExitCode> {
  const project = planProject(asked);
  const done = await writeFiles(context, folder, renderFiles(project));
  for (const { path, written } of done) context.print(`${written ? 'written' : 'unchanged'} ${path}\n`);
  context.print(renderSteps(project, place));
  return exitCodes.ok;
}
