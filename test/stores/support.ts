import { randomBytes } from 'node:crypto';
import type { Context } from '../../components/kernel/context.ts';
import { createDirectoryStore } from '../../components/stores/directory.ts';
import { type KeyRing, parseKey } from '../../components/stores/log/keys.ts';
import { createSessionStore } from '../../components/stores/log/open.ts';
import type { SessionStore } from '../../components/stores/types.ts';

export const noKeys: KeyRing = { current: undefined, earlier: [] };

/** A new key each time. */
export function keyRing(): KeyRing {
  return { current: parseKey('KEY', randomBytes(32).toString('base64')), earlier: [] };
}

/** Sessions in a folder; without a key they are not encrypted. */
export function directoryStore(
  context: Context,
  folder: string,
  { keys = noKeys, mostBytes }: { readonly keys?: KeyRing; readonly mostBytes?: number } = {},
): SessionStore {
  const options = mostBytes === undefined ? {} : { mostBytes };
  return createSessionStore(context, createDirectoryStore(context, folder, options), keys);
}
