import { parsePolicies } from './parse.ts';
import type { ParsedLevel } from './types.ts';

let read: Promise<ParsedLevel> | undefined;

/**
 * The level `default`, the widest: what holds where nobody has written a policy. Its documents are in default/ and part
 * of the program. They ask for the tier of an agent; whoever asks counts one without a tier as `tier_1_read`. Read once a
 * process, which takes as long as some calls of git: it can be begun early.
 */
export function readDefaultLevel(): Promise<ParsedLevel> {
  read ??= import('#policies/default').then(({ files }) => parsePolicies('default', files));
  return read;
}
