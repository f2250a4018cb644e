import { defineProvider, placeholderKey } from '../provider.ts';

export const provider = defineProvider({
  id: 'google',
  apis: {
    google: {
      baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
      keyHeader: { name: 'x-goog-api-key', prefix: '' },
      keyVariables: ['GOOGLE_GENERATIVE_AI_API_KEY', 'GEMINI_API_KEY'],
      keyOptional: false,
      source: 'https://ai.google.dev/api',
    },
  },
  open: async ({ baseUrl, model, send }) => {
    const { createGoogle } = await import('@ai-sdk/google');
    const create = createGoogle({ baseURL: baseUrl, apiKey: placeholderKey, fetch: send as typeof fetch });
    return { model: create(model), options: {} };
  },
});
