import { fileURLToPath } from 'node:url';
import type { Context } from '../kernel/context.ts';
import type { Machine } from './types.ts';

/** What lies around the command that runs. */
export interface Installation {
  readonly machine: Machine;
  /** Folders that serve the product's own components; the image and the package hold none. */
  readonly ownProjects: ReadonlyMap<string, string>;
  /** GitLab's schema of CI configuration, where the checkout has it beside it. */
  readonly schemaFile: string | undefined;
}

/** Nothing of the caller's PATH: jobs find the same programs whoever starts them. */
const programs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * Finds them from the address of the command's file: beside main.ts in a checkout, in the bundle a chunk below
 * main.js.
 *
 * @param node - path of the Node that runs
 */
export async function readInstallation(
  context: Context,
  command: string,
  node: string,
): Promise<Installation> {
  const isSource = command.endsWith('.ts');
  const here = (path: string) => fileURLToPath(new URL(path, command));
  const root = here(isSource ? '..' : '../..');
  const there = async (path: string) => (await context.fs.stat(path).catch(() => undefined)) !== undefined;
  const schema = here(
    isSource ? '../../shared/data/gitlab/ci.schema.json' : '../../../shared/data/gitlab/ci.schema.json',
  );
  const temporary = await findTemporary(context);
  const entry = here(isSource ? 'main.ts' : '../main.js');
  return {
    machine: {
      ...{ node, entry, temporary, programs },
      ...(isSource ? { compileCache: here('../node_modules/.cache/pipewright') } : {}),
    },
    ownProjects: new Map((await there(`${root}/templates`)) ? [['pipewright/pipewright', root]] : []),
    schemaFile: (await there(schema)) ? schema : undefined,
  };
}

async function findTemporary({ env, fs }: Context): Promise<string> {
  return fs.realpath(env.TMPDIR ?? '/tmp').catch(() => '/tmp');
}
