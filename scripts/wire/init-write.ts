import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { type Asked, planProject } from '../../components/setup/inputs.ts';
import { type Place, renderFiles, renderSteps } from '../../components/setup/texts.ts';
import type { SetupFile, TrustedProject } from '../../components/setup/types.ts';
import { writeFiles } from '../../components/setup/write-files.ts';

/** Writes the files of a trusted project and says what is left to do; or prints them, each under its path. */
export async function writeTrustedProject(
  context: Context,
  { into, dryRun }: { readonly into: string; readonly dryRun: boolean },
  asked: Asked,
  place: Place,
): Promise<ExitCode> {
  const project = planProject(asked);
  const files = [...renderFiles(project), ...(await readyPlaybook(project))];
  if (dryRun) {
    for (const { path, text } of files) context.print(`==> ${path}\n${text}\n`);
    return exitCodes.ok;
  }
  const done = await writeFiles(context, into, files);
  for (const { path, written } of done) context.print(`${written ? 'written' : 'unchanged'} ${path}\n`);
  context.print(renderSteps(project, place));
  return exitCodes.ok;
}

/** The table of an agent that is ready to use, at the path the agent has it; another one is the operator's own. */
async function readyPlaybook({ agent }: TrustedProject): Promise<readonly SetupFile[]> {
  if (agent?.playbook === undefined) return [];
  const { files } = await import('#agents/ready');
  return files
    .map(({ path, text }) => ({ path: `agents/${path}`, text }))
    .filter(({ path }) => path === agent.playbook);
}
