import { defineErrors } from '../../kernel/failure.ts';

export const errors = defineErrors('BROKER', {
  GONE: {
    kind: 'outside',
    message: (f: { reason: string }) =>
      `the process that holds the keys does not answer, so nothing is sent: ${f.reason}`,
    fix: 'Run it again; if it stays, the runner has too little memory, or its folder for temporary files cannot hold a socket.',
  },
  SETTINGS: {
    kind: 'misuse',
    message: (f: { what: string; expected: string }) =>
      `the broker cannot be set up with ${f.what}: expected ${f.expected}`,
    fix: 'Correct the address or the entry of the list.',
  },
  UPSTREAM: {
    kind: 'misuse',
    message: (f: { url: string; expected: string }) =>
      `${f.url} is not the address of a model that was set up, expected one below ${f.expected}`,
    fix: 'Correct the base URL of the model.',
  },
  REDIRECT: {
    kind: 'outside',
    message: (f: { id: string; status: number }) =>
      `${f.id} answers with a redirect (${f.status}), and a key is taken nowhere else`,
    fix: 'Give the address that it redirects to in its place.',
  },
  UNREACHABLE: {
    kind: 'outside',
    message: (f: { to: string; reason: string; code?: string | undefined }) =>
      `${f.to} cannot be reached: ${f.reason}`,
    fix: "Check the address, the runner's network, its proxy and its certificates.",
  },
  TOO_LARGE: {
    kind: 'outside',
    message: (f: { what: string; limit: number }) => `${f.what} has more than ${f.limit} bytes`,
    fix: 'Ask for less.',
  },
  DENIED: {
    kind: 'denied',
    message: (f: { to: string; reason: string }) => `${f.to} is not fetched: ${f.reason}`,
    fix: 'If the session should read it, add it to the allow-list of the job.',
  },
  LIMIT: {
    kind: 'denied',
    message: (f: { what: string; limit: number }) =>
      `this session has fetched as much as it may: ${f.limit} ${f.what}`,
    fix: 'Raise the limit where the job is set up, if the session does what it should.',
  },
});
