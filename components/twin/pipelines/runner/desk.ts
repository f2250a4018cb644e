import { join } from 'node:path';
import type { Context } from '../../../kernel/context.ts';
import type { Machine } from '../../types.ts';
import { writeJobPrograms } from './programs.ts';

/** What all attempts of a twin share and none changes. */
export interface Desk {
  /** PATH of the scripts: `node` and `pipewright` of this process, then the machine's programs. */
  readonly path: string;
  /** Environment of the shells around the scripts. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Lays out the desk in a folder. */
export async function layOutDesk(context: Context, machine: Machine, folder: string): Promise<Desk> {
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  for (const each of [home, temporary]) await context.fs.mkdir(each, { recursive: true });
  const path = await writeJobPrograms(context, machine, join(folder, 'bin'));
  return { path, environment: { PATH: path, HOME: home, TMPDIR: temporary, LANG: 'C.UTF-8' } };
}
