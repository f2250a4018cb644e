import type { Context } from '../kernel/context.ts';
import { confine } from './confine.ts';
import { confineOpen } from './confine-open.ts';
import { type Detected, detect } from './detect.ts';
import { errors } from './errors.ts';
import { readShownRoot } from './shown-root.ts';
import type { Sandbox, SandboxRun } from './types.ts';

/**
 * The sandbox of this machine: bubblewrap's namespaces with our seccomp filter, or none, where nothing is ever run. A
 * script sees `/usr`, its checkout at `/checkout`, a made `/etc`, `/proc` and `/dev`, and writes to `/tmp` only. A socket
 * that lies in the checkout can be connected to from inside.
 */
export function createSandbox(context: Context): Sandbox {
  let looking: Promise<Detected> | undefined;
  const look = (): Promise<Detected> => {
    looking ??= detect(context).catch((error) => {
      // Cancelled; whoever asks again is told again.
      looking = undefined;
      throw error;
    });
    return looking;
  };
  const prepare = async ({ root, socket }: Pick<SandboxRun, 'root' | 'socket'>) => {
    const found = await look();
    if (found.rung === 'none') throw errors.UNAVAILABLE({ reason: found.reason });
    const shown = socket === undefined ? {} : { socket: await findSocket(context, socket) };
    return { ...found, ...shown, root: await readShownRoot(context, root) };
  };
  return {
    state: async () => {
      const found = await look();
      return found.rung === 'none' ? { rung: found.rung, reason: found.reason } : { rung: found.rung };
    },
    run: async (run) => confine(context, { ...run, ...(await prepare(run)) }),
    open: async (run, onOutput, onErrors) =>
      confineOpen(context, { ...run, ...(await prepare(run)) }, onOutput, onErrors),
  };
}

/** Whatever else lies there is not shown: a folder would be a part of this machine. */
async function findSocket({ fs }: Context, path: string): Promise<string> {
  const real = await fs.realpath(path).catch(() => path);
  const isSocket = await fs.stat(real).then(
    (stats) => stats.isSocket(),
    () => false,
  );
  if (!isSocket) throw errors.INVALID({ what: path, expected: 'a socket' });
  return real;
}
