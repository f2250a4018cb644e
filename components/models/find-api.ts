import { listed, nearest } from '../kernel/suggest.ts';
import { errors } from './errors.ts';
import type { Provider } from './provider.ts';
import { providers } from './providers.gen.ts';
import type { ModelApi, ModelName } from './types.ts';

export interface FoundApi {
  readonly provider: Provider;
  readonly api: ModelApi;
}

/**
 * What answers for the provider of a manifest.
 * @param url - the operator's; empty takes the provider's own
 * @throws MODEL_MISSING, MODEL_URL
 */
export function findApi({ provider: name, model }: ModelName, url: string): FoundApi {
  const provider = providers.find(({ apis }) => Object.hasOwn(apis, name));
  const facts = provider?.apis[name];
  if (provider === undefined || facts === undefined)
    throw errors.MISSING({ provider: name, model, known: known(name) });
  const { baseUrl, keyHeader, keyVariables, keyOptional } = facts;
  if (url === '' && baseUrl === undefined)
    throw errors.URL({ provider: name, reason: 'only you know its address' });
  const api = { id: name, baseUrl: readUrl(name, url === '' ? (baseUrl ?? '') : url) };
  return { provider, api: { ...api, keyHeader, keyVariables, keyOptional } };
}

function known(name: string): string {
  if (/^\$\{/.test(name)) return 'the provider is a variable, and whoever starts a pipeline could set it';
  const names = providers.flatMap(({ apis }) => Object.keys(apis)).sort();
  const near = nearest(name, names);
  return near === undefined ? `the providers are ${listed(names, 20)}` : `did you mean the provider ${near}?`;
}

/** Without a slash at its end. */
function readUrl(provider: string, text: string): string {
  const url = URL.parse(text);
  const refuse = (reason: string) => errors.URL({ provider, reason });
  if (url === null) throw refuse('the address is none');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refuse('the address is none of https: or http:');
  if (url.username !== '' || url.password !== '') throw refuse('the address holds a name or a password');
  if (url.search !== '' || url.hash !== '') throw refuse('the address holds more than a path');
  return url.href.replace(/\/+$/, '');
}
