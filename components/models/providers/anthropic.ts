import { defineProvider, placeholderKey } from '../provider.ts';

export const provider = defineProvider({
  id: 'anthropic',
  apis: {
    anthropic: {
      baseUrl: 'https://api.anthropic.com/v1',
      keyHeader: { name: 'x-api-key', prefix: '' },
      keyVariables: ['ANTHROPIC_API_KEY'],
      keyOptional: false,
      source: 'https://docs.claude.com/en/api/overview',
    },
  },
  open: async ({ baseUrl, model, send }) => {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    const create = createAnthropic({ baseURL: baseUrl, apiKey: placeholderKey, fetch: send as typeof fetch });
    // The package knows the models that have it, and leaves it out for all others.
    return { model: create(model), options: {}, takesStrict: true };
  },
});
