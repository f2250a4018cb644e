import { bearer, defineProvider, placeholderKey } from '../provider.ts';

export const provider = defineProvider({
  id: 'openai',
  apis: {
    openai: {
      baseUrl: 'https://api.openai.com/v1',
      keyHeader: bearer,
      keyVariables: ['OPENAI_API_KEY'],
      keyOptional: false,
      source: 'https://platform.openai.com/docs/api-reference/introduction',
    },
    azure: {
      baseUrl: undefined,
      keyHeader: { name: 'api-key', prefix: '' },
      keyVariables: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
      keyOptional: false,
      source: 'https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle',
    },
  },
  open: async ({ baseUrl, model, send, protocol, api }) => {
    const { createOpenAI } = await import('@ai-sdk/openai');
    const create = createOpenAI({ baseURL: baseUrl, apiKey: placeholderKey, fetch: send as typeof fetch });
    return {
      model: protocol === 'chat' ? create.chat(model) : create.responses(model),
      // A conversation is kept by us, in the session's log; the provider is to keep none.
      options: { openai: { store: false } },
      strict: false,
      // Deployments of Azure may be of versions without.
      ...(api === 'openai' ? { takesStrict: true } : {}),
    };
  },
});
