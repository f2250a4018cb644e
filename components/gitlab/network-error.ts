import { Failure } from '../kernel/failure.ts';
import { AttemptFailed } from './attempt-failed.ts';
import { errors } from './errors.ts';
import type { Clean } from './words.ts';

// The connection was never there, so nothing was sent.
const notSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_TLS',
  'UND_ERR_PRX_CONN',
]);

// OpenSSL's names of what is wrong with a certificate, and Node's.
const certificate =
  /^(CERT_|CRL_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH)/;

/** What an error of `fetch` means: it rejects with a TypeError whose causes hold the code of the system. */
export function networkFailure(error: unknown, request: string, clean: Clean): unknown {
  const causes = causesOf(error);
  // Of our own making: a wrong proxy, a file that could not be read on.
  const own = causes.find((cause) => cause instanceof Failure);
  if (own !== undefined) return own;
  const codes = causes.map(({ code }) => code ?? '');
  const detail = clean(causes.at(-1)?.message || codes.find((code) => code !== '') || String(error));
  if (codes.some((code) => certificate.test(code))) {
    return new AttemptFailed(errors.TLS({ request, detail }, error), { done: 'no', again: false });
  }
  const done = codes.some((code) => notSent.has(code)) ? 'no' : 'maybe';
  return new AttemptFailed(errors.UNREACHABLE({ request, detail }, error), { done, again: true });
}

interface SystemError {
  readonly code?: string;
  readonly message: string;
}

function causesOf(error: unknown): SystemError[] {
  const causes: SystemError[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) {
    causes.push(at as SystemError);
    // A host with several addresses: one error for each of them.
    if (at instanceof AggregateError) causes.push(...(at.errors as SystemError[]));
  }
  return causes;
}
