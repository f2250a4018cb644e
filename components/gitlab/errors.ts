import { defineErrors } from '../kernel/failure.ts';

/** What every failure of a request can say; all texts are redacted and without control characters. */
interface Facts {
  /** Method and path below the API URL. */
  readonly request: string;
  /** GitLab's own words or the network's, cut. */
  readonly detail: string;
}

export const errors = defineErrors('GITLAB', {
  API_URL: {
    kind: 'misuse',
    message: (f: { url: string; reason: string }) => `"${f.url}" is no address of a GitLab API: ${f.reason}`,
    fix: 'Give it as https://gitlab.example.com/api/v4; in a job GitLab sets it.',
  },
  TOKEN_FORM: {
    kind: 'misuse',
    message: (f: { token: string }) =>
      `the ${f.token} is empty or holds characters that no token has, such as spaces or line breaks`,
    fix: 'Store the token as it was shown, without quotes and line breaks.',
  },
  NO_JOB: {
    kind: 'misuse',
    message: (f: { parts: string }) => `this needs a GitLab job (${f.parts}), and runs in none`,
    fix: 'Run it in a pipeline, or on your machine with `pipewright local`.',
  },
  VARIABLE_MISSING: {
    kind: 'misuse',
    message: (f: { name: string; setBy: string }) => `${f.name} is not set: ${f.setBy}`,
    fix: 'Run the command in a job of such a pipeline, and let containers and scripts of the job pass the variable on.',
  },
  VARIABLE_INVALID: {
    kind: 'misuse',
    message: (f: { name: string; got: string; expected: string; setBy: string }) =>
      `${f.name} is ${f.got}, expected ${f.expected}: ${f.setBy}`,
    fix: 'Remove what sets the variable otherwise: `variables` in the YAML, a CI/CD setting, or a dotenv report.',
  },
  VARIABLES_CONTRADICT: {
    kind: 'misuse',
    message: (f: { names: string; reason: string }) => `${f.names} cannot both be right: ${f.reason}`,
    fix: 'Remove what sets one of them otherwise: `variables` in the YAML, a CI/CD setting, or a dotenv report.',
  },
  UNREACHABLE: {
    kind: 'outside',
    message: (f: Facts) => `${f.request}: no answer from GitLab: ${f.detail}`,
    fix: 'Check that the instance is reachable from the runner, and the proxy variables HTTPS_PROXY and NO_PROXY.',
  },
  TLS: {
    kind: 'outside',
    message: (f: Facts) => `${f.request}: GitLab's certificate is not trusted: ${f.detail}`,
    fix: "Name the file of your private authority's certificate in NODE_EXTRA_CA_CERTS; in a job GitLab's own TLS CA file is used.",
  },
  TIMEOUT: {
    kind: 'outside',
    message: (f: Facts) => `${f.request}: out of time: ${f.detail}`,
    fix: 'Try again when the instance is less busy, or give the job a longer timeout.',
  },
  UNAUTHORIZED: {
    kind: 'outside',
    message: (f: Facts & { token: string }) => `${f.request}: GitLab refuses the ${f.token}: ${f.detail}`,
    fix: 'A job token is valid only while its job runs; an access token must be neither expired nor revoked, and of this very instance.',
  },
  FORBIDDEN: {
    kind: 'outside',
    message: (f: Facts & { token: string; scope: string | undefined }) =>
      `${f.request}: the ${f.token} may not do this${f.scope === undefined ? '' : `, it needs the scope ${f.scope}`}: ${f.detail}`,
    fix: 'Give the token the scope and its user the role that the endpoint needs; what a job token may do is a short list.',
  },
  NOT_FOUND: {
    kind: 'outside',
    message: (f: Facts & { token: string }) =>
      `${f.request}: it does not exist, or the ${f.token} cannot see it: ${f.detail}`,
    fix: "Check the path and the user's membership; for a job token of another project, the allowlist under Settings > CI/CD > Job token permissions.",
  },
  REFUSED: {
    kind: 'outside',
    message: (f: Facts & { status: number }) => `${f.request}: GitLab refuses it (${f.status}): ${f.detail}`,
    fix: "GitLab's words above say which value or state it does not accept.",
  },
  RATE_LIMITED: {
    kind: 'outside',
    message: (f: Facts) => `${f.request}: too many requests: ${f.detail}`,
    fix: 'Run less often, or raise the limit of the instance under Admin > Settings > Network.',
  },
  SERVER_ERROR: {
    kind: 'outside',
    message: (f: Facts & { status: number }) => `${f.request}: GitLab failed (${f.status}): ${f.detail}`,
    fix: "Try again later; the instance's status page or its administrator may know more.",
  },
  MALFORMED: {
    kind: 'outside',
    message: (f: Facts) => `${f.request}: GitLab's answer makes no sense: ${f.detail}`,
    fix: 'Check that the API URL leads to GitLab, and to no proxy or sign-in page before it.',
  },
  REDIRECT: {
    kind: 'outside',
    message: (f: Facts) => `${f.request}: a redirect that is not followed: ${f.detail}`,
    fix: 'Use the address of the instance itself (https, its present name) as API URL; a moved project has a new path.',
  },
  PAGINATION: {
    kind: 'outside',
    message: (f: Facts) => `${f.request}: the list's pages cannot be followed: ${f.detail}`,
    fix: 'Check that the instance knows its own address (`external_url`), which it puts into links to the next page.',
  },
  TOO_LARGE: {
    kind: 'outside',
    message: (f: { request: string; limit: number }) =>
      `${f.request}: the file is larger than the ${f.limit} bytes it may have`,
    fix: 'Find out why the file has grown; nothing of it was kept.',
  },
  DIGEST: {
    kind: 'outside',
    message: (f: { file: string; expected: string; got: string }) =>
      `${f.file} has the digest ${f.got}, expected ${f.expected}`,
    fix: 'The file was changed or replaced on the way: find out by whom before anything uses it.',
  },
});
