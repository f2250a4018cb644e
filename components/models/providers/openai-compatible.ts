import { type ApiFacts, bearer, defineProvider } from '../provider.ts';

/** Chat Completions as OpenAI has them, at other addresses. */
export const provider = defineProvider({
  id: 'openai-compatible',
  apis: {
    mistral: hosted('https://api.mistral.ai/v1', ['MISTRAL_API_KEY'], 'https://docs.mistral.ai/api'),
    cohere: hosted(
      'https://api.cohere.ai/compatibility/v1',
      ['COHERE_API_KEY', 'CO_API_KEY'],
      'https://docs.cohere.com/docs/compatibility-api',
    ),
    groq: hosted('https://api.groq.com/openai/v1', ['GROQ_API_KEY'], 'https://console.groq.com/docs/openai'),
    together: hosted(
      'https://api.together.xyz/v1',
      ['TOGETHER_API_KEY'],
      'https://docs.together.ai/docs/openai-api-compatibility',
    ),
    fireworks: hosted(
      'https://api.fireworks.ai/inference/v1',
      ['FIREWORKS_API_KEY'],
      'https://docs.fireworks.ai/tools-sdks/openai-compatibility',
    ),
    deepseek: hosted('https://api.deepseek.com', ['DEEPSEEK_API_KEY'], 'https://api-docs.deepseek.com'),
    ollama: own('OLLAMA_API_KEY', 'https://docs.ollama.com/api/openai-compatibility'),
    custom: own(
      'PIPEWRIGHT_MODEL_KEY',
      'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
    ),
  },
  open: async ({ baseUrl, model, send, api }) => {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    const create = createOpenAICompatible({
      ...{ name: api, baseURL: baseUrl, fetch: send as typeof fetch },
      // Without it a stream ends without usage.
      includeUsage: true,
    });
    return { model: create.chatModel(model), options: {} };
  },
});

function hosted(baseUrl: string, keyVariables: readonly string[], source: string): ApiFacts {
  return { baseUrl, keyHeader: bearer, keyVariables, keyOptional: false, source };
}

/** A server of the operator's own: nobody else knows its address, and it may want no key. */
function own(keyVariable: string, source: string): ApiFacts {
  return { baseUrl: undefined, keyHeader: bearer, keyVariables: [keyVariable], keyOptional: true, source };
}
