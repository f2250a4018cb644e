import { defineErrors } from '../kernel/failure.ts';

const modelErrors = defineErrors('MODEL', {
  MISSING: {
    kind: 'misuse',
    message: (f: { provider: string; model: string; known: string }) =>
      `no model answers for ${f.provider}/${f.model}: ${f.known}`,
    fix: 'Name in spec.llm a provider that docs/models.md lists, or give a cassette of recorded turns by the input `cassette`.',
  },
  KEY_MISSING: {
    kind: 'misuse',
    message: (f: { provider: string; model: string; variables: string }) =>
      `there is no key for ${f.provider}/${f.model}: ${f.variables} is not set`,
    fix: 'Store the key as that variable, masked and protected, where docs/models.md says that a key may be; or give a cassette of recorded turns by the input `cassette`.',
  },
  URL: {
    kind: 'misuse',
    message: (f: { provider: string; reason: string }) => `${f.provider} cannot be asked: ${f.reason}`,
    fix: 'Give the address of the API by the input `model-url`, such as https://gateway.example.com/v1; a manifest never says it.',
  },
  HEADER: {
    kind: 'misuse',
    message: (f: { header: string; reason: string }) =>
      `the header ${f.header} of the input \`model-header\` cannot be sent: ${f.reason}`,
    fix: 'Write `name=value` without white space; keys are in variables, never in headers that you give.',
  },
  ADDRESS: {
    kind: 'misuse',
    message: (f: { provider: string; address: string; allowed: string }) =>
      `a request to ${f.address} was not sent: the key of ${f.provider} is for ${f.allowed}`,
    fix: 'Check the address in the input `model-url`; what lies outside of it is never asked.',
  },
  REDIRECT: {
    kind: 'outside',
    message: (f: { status: number; model: string }) =>
      `${f.model} was not asked: its server redirects (${f.status}), and a key is shown to no other address`,
    fix: 'Give the address that it leads to by the input `model-url`.',
  },
  KEY_REFUSED: {
    kind: 'misuse',
    message: (f: { model: string; status: number; words: string }) =>
      `the key is refused for ${f.model} (${f.status}${f.words})`,
    fix: 'Check the key in its variable, and what the provider lets it do.',
  },
  NOT_FOUND: {
    kind: 'misuse',
    message: (f: { model: string; words: string }) =>
      `${f.model} is not there (404${f.words}); no other is taken in its place`,
    fix: 'Correct spec.llm.model, or the address in the input `model-url`.',
  },
  REQUEST_REFUSED: {
    kind: 'misuse',
    message: (f: { model: string; status: number; words: string }) =>
      `${f.model} refuses the request (${f.status}${f.words})`,
    fix: 'Check spec.llm against what the model takes, such as temperature and maxTokens.',
  },
  TOO_LONG: {
    kind: 'misuse',
    message: (f: { model: string; status: number; words: string }) =>
      `the request is too long for ${f.model} (${f.status}${f.words})`,
    fix: 'Limit what is sent by spec.state.context_window.max_tokens, or choose a model with a larger window.',
  },
  QUOTA: {
    kind: 'outside',
    message: (f: { model: string; status: number; words: string }) =>
      `the account of the key may spend no more on ${f.model} (${f.status}${f.words})`,
    fix: 'Look at credit and limits of the account at the provider.',
  },
  RATE_LIMITED: {
    kind: 'outside',
    message: (f: { model: string; wait: string; words: string }) =>
      `${f.model} takes no more requests for now (429${f.words})${f.wait}`,
    fix: 'Go on with the session later, or raise the limit at the provider; spec.llm.retry_config says how often it is asked.',
  },
  OVERLOADED: {
    kind: 'outside',
    message: (f: { model: string; status: number; words: string }) =>
      `${f.model} cannot answer now (${f.status}${f.words})`,
    fix: 'Go on with the session later; spec.llm.fallback_models names who may answer instead.',
  },
  ANSWER_BROKEN: {
    kind: 'outside',
    message: (f: { reason: string }) => `the answer of the model cannot be used: ${f.reason}`,
    fix: 'Go on with the session: the call is made again, and the one that broke is booked. Check that the input `model-url` leads to an API.',
  },
  TIMEOUT: {
    kind: 'outside',
    message: (f: { model: string; seconds: number }) => `${f.model} was silent for ${f.seconds} s`,
    fix: 'Go on with the session later, or wait longer by the input `model-timeout`.',
  },
  UNREACHABLE: {
    kind: 'outside',
    message: (f: { model: string; reason: string }) => `${f.model} cannot be reached: ${f.reason}`,
    fix: 'Check the address in the input `model-url`, HTTPS_PROXY and NO_PROXY, and the certificate authorities of the job.',
  },
  RESTING: {
    kind: 'outside',
    message: (f: { model: string }) => `${f.model} has failed again and again, and is not asked for a minute`,
    fix: 'Go on with the session later; spec.llm.fallback_models names who may answer instead.',
  },
  RECORD_SECRET: {
    kind: 'misuse',
    message: (f: { file: string; place: string }) =>
      `nothing is recorded in ${f.file}: ${f.place} holds what looks like a secret`,
    fix: 'Take the secret out of the manifest: a request is recorded as it was sent, or replay would not find it.',
  },
  TWO: {
    kind: 'misuse',
    message: (f: { given: string }) =>
      `${f.given} are given, and one alone can answer in the place of a model`,
    fix: 'Give one of them; a playbook is recorded with the input `record`.',
  },
  PLAYBOOK: {
    kind: 'misuse',
    message: (f: { place: string; reason: string }) => `${f.place}: ${f.reason}`,
    fix: 'Correct the playbook; schemas/playbook.schema.json says what stands in one, and docs/models.md how it is read.',
  },
  PLAYBOOK_TOOLS: {
    kind: 'misuse',
    message: (f: { missing: string }) => `a playbook cannot answer this agent: it is not given ${f.missing}`,
    fix: 'Name the tool in spec.tools, or the kind of proposal in extensions.pipewright.proposals; jobs are listed in pipelines of GitLab only.',
  },
  CASSETTE_INVALID: {
    kind: 'misuse',
    message: (f: { file: string; line: number; reason: string }) => `${f.file}:${f.line}: ${f.reason}`,
    fix: 'Record the cassette again; its lines are written by the recorder, not by hand.',
  },
  CASSETTE_MISS: {
    kind: 'misuse',
    message: (f: { file: string; messages: number; nearest: string }) =>
      `${f.file} has no turn for this request of ${f.messages} messages; ${f.nearest}`,
    fix: 'The manifest, its tools, their results or pipewright have changed since it was recorded: record it again, or undo what changed.',
  },
});

const priceErrors = defineErrors('PRICE', {
  UNKNOWN: {
    kind: 'misuse',
    message: (f: { provider: string; model: string; known: string }) =>
      `nobody knows what ${f.provider}/${f.model} costs, and there is a budget in money; ${f.known}`,
    fix: 'Name a model whose price is known, or give its price in a file by the input `prices`.',
  },
  FILE: {
    kind: 'misuse',
    message: (f: { place: string; reason: string }) => `${f.place}: ${f.reason}`,
    fix: 'Correct the file of prices; schemas/prices.schema.json says what stands in one. Sums are decimal numbers in quotes.',
  },
});

export const errors = { ...modelErrors, ...priceErrors };
