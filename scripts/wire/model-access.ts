import { Failure } from '../../components/kernel/failure.ts';
import { errors } from '../../components/models/errors.ts';
import { FailedAttempt } from '../../components/models/live/failed-attempt.ts';
import type { Access } from '../../components/models/open-model.ts';
import type { ModelApi, ModelName } from '../../components/models/types.ts';
import { errors as brokerErrors } from '../../components/sandbox/broker/errors.ts';
import type { Broker } from '../../components/sandbox/broker/types.ts';

/**
 * The way to models through a broker, which alone has their keys, adds them, and sends nothing to any other place.
 * @throws MODEL_KEY_MISSING, MODEL_URL; who sends MODEL_ADDRESS, MODEL_REDIRECT, and what the broker throws
 */
export function createModelAccess({ send, keys }: Pick<Broker, 'send' | 'keys'>): Access {
  return (api, of) => {
    const hasKey = (keys[api.id] ?? null) !== null;
    if (!hasKey && !api.keyOptional && api.keyHeader !== undefined)
      throw errors.KEY_MISSING({ ...of, variables: api.keyVariables.join(' or ') });
    const { protocol, hostname } = new URL(api.baseUrl);
    if (hasKey && protocol === 'http:' && !isLoopback(hostname))
      throw errors.URL({
        provider: api.id,
        reason: 'a key is not sent without encryption, and the address is http:',
      });
    return (url, init) =>
      // Entries: what sends is of another library than these headers.
      send(url, { ...init, headers: [...new Headers(init.headers)] }, api.id).catch((error: unknown) => {
        throw inWordsOfModels(error, { api, of, url });
      });
  };
}

interface Asked {
  readonly api: ModelApi;
  readonly of: ModelName;
  readonly url: string;
}

/** What the broker says, as those understand it who decide whether a model is asked again. */
function inWordsOfModels(error: unknown, { api, of, url }: Asked): unknown {
  if (!(error instanceof Failure)) return error;
  const { origin, pathname } = new URL(url);
  switch (error.code) {
    case brokerErrors.UNREACHABLE.code:
      // The code of the connection says whether anything was sent.
      return new Error(error.message, { cause: error.cause });
    case brokerErrors.GONE.code:
      // With it its keys are gone; what it was doing is not known.
      return new FailedAttempt(error, { canRepeat: false, mayBePaid: true });
    case brokerErrors.UPSTREAM.code:
      return errors.ADDRESS({ provider: api.id, address: origin + pathname, allowed: api.baseUrl });
    case brokerErrors.REDIRECT.code:
      return errors.REDIRECT({
        model: `${of.provider}/${of.model}`,
        status: (error.cause as { status: number }).status,
      });
    default:
      return error;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
