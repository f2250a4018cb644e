import { dirname, join } from 'node:path';
import type { Context } from '../../../kernel/context.ts';
import type { JobVariable } from '../types.ts';
import type { AttemptFolders } from './folders.ts';
import { renderScripts, renderVariables } from './scripts.ts';
import { launcher } from './shells.ts';

/** What the runner itself adds to the variables of a job. */
export interface Surroundings {
  /** PATH of the scripts. */
  readonly path: string;
  /** `CI_*` variables of folders and the runner, of the highest precedence. */
  readonly own: Readonly<Record<string, string>>;
}

/** The variables of a job as its scripts see them: paths in place of files. */
export function scriptVariables(
  variables: readonly JobVariable[],
  folders: Pick<AttemptFolders, 'files'>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const files = new Map(
    variables.filter(({ file }) => file).map(({ key }) => [key, join(folders.files, fileName(key))]),
  );
  // Whoever expanded the values could not know these paths, and left the names of files as they were.
  const withPaths = (value: string) =>
    value.replace(
      /\$(?:\{(\w+)\}|(\w+))/g,
      (match, braced, plain) => files.get(braced ?? plain ?? '') ?? match,
    );
  const inScript = ({ key, value, raw }: JobVariable) =>
    files.get(key) ?? (raw === true ? value : withPaths(value));
  return {
    ...Object.fromEntries(variables.map((variable) => [variable.key, inScript(variable)])),
    ...own,
  };
}

/** Variables of a project can have any name; one with a slash leads nowhere. */
function fileName(key: string): string {
  return key.replace(/[^\w.-]/g, '_');
}

/**
 * Writes all that an attempt is run by: the launcher, the scripts, their variables and files.
 * Only we can read them.
 */
export async function writeControl(
  context: Context,
  folders: AttemptFolders,
  config: Readonly<Record<string, unknown>>,
  variables: readonly JobVariable[],
  { path, own }: Surroundings,
): Promise<void> {
  const { fs } = context;
  const { control } = folders;
  for (const folder of [folders.home, folders.temporary]) await fs.mkdir(folder, { recursive: true });
  const write = (file: string, text: string) => fs.writeFile(join(control, file), text, { mode: 0o600 });
  // How the job stands changes on the way: the launcher says it.
  const { CI_JOB_STATUS: _, ...values } = scriptVariables(variables, folders, own);
  const base = { PATH: path, HOME: folders.home, TMPDIR: folders.temporary, LANG: 'C.UTF-8' };
  await write('variables.sh', renderVariables({ ...base, ...values }));
  const { script, after } = renderScripts(config, {
    variables: join(control, 'variables.sh'),
    project: folders.project,
  });
  await write('script.sh', script);
  if (after !== undefined) await write('after.sh', after);
  await write('launch.sh', launcher(folders, path));
  await writeFiles(context, folders.files, variables);
}

async function writeFiles({ fs }: Context, folder: string, variables: readonly JobVariable[]): Promise<void> {
  const files = variables.filter(({ file }) => file);
  if (files.length === 0) return;
  await fs.mkdir(dirname(folder), { recursive: true });
  await fs.mkdir(folder, { mode: 0o700 });
  for (const { key, value } of files) {
    await fs.writeFile(join(folder, fileName(key)), value, { mode: 0o600 });
  }
}
