import { parsePolicies } from './parse.ts';
import type { ParsedLevel } from './types.ts';

/**
 * The level `default`, the widest: what holds where nobody has written a policy. Its documents are in default/ and part
 * of the program. They ask for the tier of an agent; whoever asks counts one without a tier as `tier_1_read`.
 */
export async function readDefaultLevel(): Promise<ParsedLevel> {
  const { files } = await import('#policies/default');
  return parsePolicies('default', files);
}
