import { errors } from './errors.ts';
import type { Sandbox } from './types.ts';

/**
 * A sandbox that is switched off starts nothing, and does not look what the machine has. There is no way to run a script
 * outside of one: the environment of a job holds its token at least, its checkout the same token, and who wrote a script
 * is not known from the branch it lies on.
 */
export function createNoSandbox(): Sandbox {
  const refuse = async () => {
    throw errors.OFF(undefined);
  };
  return {
    state: async () => ({ rung: 'none', reason: 'it is switched off by --sandbox=off' }),
    run: refuse,
    open: refuse,
  };
}
