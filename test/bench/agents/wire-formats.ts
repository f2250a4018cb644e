import type { LLMock } from '@copilotkit/aimock';
import type { Message, Model } from '../../../components/models/types.ts';
import { type Api, apis, openApi, requestOf, startMock } from '../../models/live/support.ts';
import { closeAll } from '../../support/at-end.ts';
import { type Figure, figure } from '../figure.ts';

const usage = {
  ...{ input_tokens: 120, output_tokens: 8, prompt_tokens: 120, completion_tokens: 8, total_tokens: 128 },
  ...{ promptTokenCount: 120, candidatesTokenCount: 8, totalTokenCount: 128 },
};
const toolCalls = [{ name: 'read-diff', arguments: '{"path":"a.ts"}', id: 'call_1' }];

/** What is asked of each wire format; each says whether it was answered right. */
type Trial = (mock: LLMock, api: Api, model: Model) => Promise<boolean>;

const answers: Readonly<Record<string, Trial>> = {
  plain: async (mock, api, model) => {
    mock.on({}, { content: 'Fine.', usage });
    const turn = await model.generate(requestOf(api));
    return turn.text === 'Fine.' && turn.usage.inputTokens === 120 && turn.usage.outputTokens === 8;
  },
  tools: async (mock, api, model) => {
    mock.on({}, { content: 'I look.', toolCalls, usage });
    const turn = await model.generate(requestOf(api));
    const [call] = turn.toolCalls;
    return turn.text === 'I look.' && JSON.stringify(call?.arguments) === '{"path":"a.ts"}';
  },
  results: async (mock, api, model) => {
    mock.on({ hasToolResult: true }, { content: 'Seen.', usage });
    const said: readonly Message[] = [
      {
        role: 'assistant',
        text: '',
        toolCalls: [{ id: 'call_1', name: 'read-diff', arguments: { path: 'a' } }],
      },
      { role: 'tool', callId: 'call_1', text: 'the diff', failed: false },
    ];
    return (await model.generate(requestOf(api, ...said))).text === 'Seen.';
  },
};

const refusals = {
  401: 'MODEL_KEY_REFUSED',
  404: 'MODEL_NOT_FOUND',
  400: 'MODEL_REQUEST_REFUSED',
  413: 'MODEL_TOO_LONG',
  429: 'MODEL_RATE_LIMITED',
  500: 'MODEL_OVERLOADED',
} as const;

for (const [status, code] of Object.entries(refusals))
  Object.assign(answers, {
    [`error ${status}`]: (async (mock, api, model) => {
      mock.nextRequestError(Number(status), { message: 'no' });
      const error = await model.generate(requestOf(api)).catch((thrown: unknown) => thrown);
      return (error as { code?: unknown }).code === code;
    }) satisfies Trial,
  });

/** Every wire format, whole and in pieces, against aimock: a plain answer, tools, their results, errors. */
export async function measureWireFormats(): Promise<readonly Figure[]> {
  const failed: string[] = [];
  let trials = 0;
  for (const api of apis)
    for (const streams of [true, false])
      for (const [name, trial] of Object.entries(answers)) {
        const mock = await startMock();
        const model = await openApi(api, { url: mock.url + api.path, wire: { streams } });
        const isRight = await trial(mock, api, model).catch(() => false);
        trials += 1;
        if (!isRight) failed.push(`${api.name} ${api.protocol} ${streams} ${name}`);
        await closeAll();
      }
  const against = failed.length === 0 ? `${trials} trials on aimock` : `failed: ${failed.join(', ')}`;
  return [
    figure({
      ...{ id: 'wire-format-trials-right', value: trials - failed.length, unit: `of ${trials}` },
      ...{ better: 'higher', goal: trials, against },
    }),
  ];
}
