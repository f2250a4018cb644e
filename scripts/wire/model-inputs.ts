import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { errors } from '../../components/models/errors.ts';
import type { Wire } from '../../components/models/live/live-model.ts';
import { isCredential } from '../../components/sandbox/broker/headers.ts';

/** How a model is reached. Each decides where a key is sent, so none is taken from a variable, and none from a manifest. */
export const modelInputs = {
  playbook: {
    type: 'string',
    description:
      'File of known causes of failed jobs that answers in place of the model, relative to the repository',
    default: '',
    security: true,
  },
  'model-url': {
    type: 'string',
    description:
      "Address of the API of the manifest's provider, such as a gateway's; empty takes the provider's own",
    pattern: /(https?:[/][/][A-Za-z0-9._:-]+([/][A-Za-z0-9._~/-]*)?)?/,
    default: '',
    security: true,
  },
  'model-api': {
    type: 'string',
    description: 'Which API of OpenAI is spoken, where the provider is openai or azure',
    options: ['responses', 'chat'],
    default: 'responses',
    security: true,
  },
  'model-header': {
    type: 'list',
    description:
      'Headers that requests to a model have besides, each `name=value`, separated by white space; no keys',
    default: [],
    spaced: true,
    security: true,
  },
  'model-timeout': {
    type: 'integer',
    description: 'Seconds a model may be silent; a request lasts ten times as long at most',
    default: 120,
    min: 1,
    max: 290,
    security: true,
  },
  stream: {
    type: 'boolean',
    description: 'Shows in the log what a model says while it says it; false asks for answers as a whole',
    default: true,
    security: true,
  },
  record: {
    type: 'string',
    description: 'File that keeps requests and answers, for the input `cassette` of a later run',
    default: '',
    security: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;

const key = { type: 'string', secret: true, terminal: true } as const;

/** So that they are taken out of all that is written; they are read where they are used. */
export const modelKeys = {
  'anthropic-key': { ...key, description: 'Key of Anthropic', variable: 'ANTHROPIC_API_KEY' },
  'openai-key': { ...key, description: 'Key of OpenAI', variable: 'OPENAI_API_KEY' },
  'azure-openai-key': { ...key, description: 'Key of Azure OpenAI', variable: 'AZURE_OPENAI_API_KEY' },
  'azure-key': { ...key, description: 'The same by its other name', variable: 'AZURE_API_KEY' },
  'google-key': { ...key, description: 'Key of Gemini', variable: 'GOOGLE_GENERATIVE_AI_API_KEY' },
  'gemini-key': { ...key, description: 'The same by its other name', variable: 'GEMINI_API_KEY' },
  'mistral-key': { ...key, description: 'Key of Mistral', variable: 'MISTRAL_API_KEY' },
  'cohere-key': { ...key, description: 'Key of Cohere', variable: 'COHERE_API_KEY' },
  'co-key': { ...key, description: 'The same by its other name', variable: 'CO_API_KEY' },
  'groq-key': { ...key, description: 'Key of Groq', variable: 'GROQ_API_KEY' },
  'together-key': { ...key, description: 'Key of Together', variable: 'TOGETHER_API_KEY' },
  'fireworks-key': { ...key, description: 'Key of Fireworks', variable: 'FIREWORKS_API_KEY' },
  'deepseek-key': { ...key, description: 'Key of DeepSeek', variable: 'DEEPSEEK_API_KEY' },
  'ollama-key': { ...key, description: 'Key of an Ollama that wants one', variable: 'OLLAMA_API_KEY' },
  'model-key': { ...key, description: 'Key of the provider `custom`', variable: 'PIPEWRIGHT_MODEL_KEY' },
} as const satisfies InputDeclarations;

export interface ModelInputs {
  readonly cassette: string;
  readonly playbook: string;
  readonly 'model-url': string;
  readonly 'model-api': 'responses' | 'chat';
  readonly 'model-header': readonly string[];
  readonly 'model-timeout': number;
  readonly stream: boolean;
  readonly record: string;
}

/** @throws MODEL_HEADER */
export function readWire(inputs: ModelInputs): Wire {
  return {
    headers: Object.fromEntries(inputs['model-header'].map(readHeader)),
    silenceMs: inputs['model-timeout'] * 1_000,
    streams: inputs.stream,
    protocol: inputs['model-api'],
  };
}

/** What says where to and how much is not the operator's to say; who asks, the broker adds. */
const reserved =
  /^(proxy-.*|host|connection|keep-alive|content-.*|transfer-encoding|te|trailer|upgrade|expect)$/;

function readHeader(text: string): readonly [name: string, value: string] {
  const [, given = '', value = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  const name = given.toLowerCase();
  const refuse = (reason: string) => errors.HEADER({ header: JSON.stringify(given), reason });
  if (!/^[a-z0-9][a-z0-9-]{0,60}$/.test(name)) throw refuse('the name is none');
  if (reserved.test(name) || isCredential(name)) throw refuse('it is not yours to set');
  if (!/^[\x21-\x7e]{1,500}$/.test(value)) throw refuse('the value is none');
  return [name, value];
}
