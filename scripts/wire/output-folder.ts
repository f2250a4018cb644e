import { join } from 'node:path';

/**
 * Where the files of one job lie: `<out>/<command>/<instance>`, the instance being the job prefix, and below it the
 * node index of a parallel job.
 */
export function outputFolder(out: string, command: string, { prefix, index }: Instance): string {
  return join(out, command, prefix, index === undefined ? '' : String(index)).replace(/\/$/, '');
}

interface Instance {
  readonly prefix: string;
  readonly index: number | undefined;
}
