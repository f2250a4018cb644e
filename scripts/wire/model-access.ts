import type { Context } from '../../components/kernel/context.ts';
import { errors } from '../../components/models/errors.ts';
import type { ModelApi, ModelName, Send } from '../../components/models/types.ts';

export interface ModelAccess {
  readonly send: Send;
  readonly close: () => Promise<void>;
}

/** Whatever the caller says in these is taken out: a placeholder, or an attempt to be somebody else. */
const notTheCallers = [
  ...['authorization', 'proxy-authorization', 'x-api-key', 'api-key', 'x-goog-api-key'],
  ...['cookie', 'host', 'forwarded', 'x-forwarded-for'],
];

/**
 * The way to one provider: it alone sees the key, adds it, and sends nothing to any other place. `of` is for errors only.
 * @throws MODEL_KEY_MISSING, MODEL_URL; `send` MODEL_ADDRESS, MODEL_REDIRECT
 */
export async function openModelAccess(context: Context, api: ModelApi, of: ModelName): Promise<ModelAccess> {
  const base = new URL(api.baseUrl);
  const key = readKey(context, api);
  const variables = api.keyVariables.join(' or ');
  if (key === undefined && !api.keyOptional && api.keyHeader !== undefined)
    throw errors.KEY_MISSING({ ...of, variables });
  if (key !== undefined && base.protocol === 'http:' && !isLoopback(base.hostname))
    throw errors.URL({
      provider: api.id,
      reason: 'a key is not sent without encryption, and the address is http:',
    });
  const send: Send = async (address, init) => {
    const url = new URL(address);
    if (!isBelow(base, url))
      throw errors.ADDRESS({ provider: api.id, address: url.origin + url.pathname, allowed: api.baseUrl });
    const headers = new Headers(init.headers);
    for (const name of notTheCallers) headers.delete(name);
    if (key !== undefined && api.keyHeader !== undefined)
      headers.set(api.keyHeader.name, `${api.keyHeader.prefix}${key}`);
    // Entries: the fetch of the context is of another library than these headers.
    const response = await context.fetch(url, { ...init, headers: [...headers], redirect: 'manual' });
    if (response.status < 300 || response.status > 399) return response;
    await response.body?.cancel();
    throw errors.REDIRECT({ status: response.status, model: `${of.provider}/${of.model}` });
  };
  return { send, close: async () => undefined };
}

function readKey({ env }: Context, { keyVariables }: ModelApi): string | undefined {
  return keyVariables.map((name) => env[name]?.trim() ?? '').find((key) => key !== '');
}

/** `%2f` is a slash to some servers, and a path that climbs is no path below. */
function isBelow(base: URL, url: URL): boolean {
  const prefix = `${base.pathname.replace(/\/+$/, '')}/`;
  return (
    url.origin === base.origin &&
    url.username === '' &&
    url.pathname.startsWith(prefix) &&
    !/%2f|%5c|%2e/i.test(url.pathname)
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
