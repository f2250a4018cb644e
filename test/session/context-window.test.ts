import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTokenCounter } from '../../components/models/count-tokens.ts';
import type { Message } from '../../components/models/types.ts';
import {
  type Conversation,
  createGauge,
  type Measured,
  planWindow,
} from '../../components/session/context-window.ts';
import type { StateRules } from '../../components/session/types.ts';

const count = await openTokenCounter();

const text = fc.string({ maxLength: 40 });
const user = text.map((said): Message => ({ role: 'user', text: said }));

/** A turn as a session records it: an answer, a result for each of its calls, at times what a person says. */
const turns = fc
  .array(fc.tuple(text, fc.array(text, { maxLength: 4 }), fc.option(user, { nil: undefined, freq: 5 })), {
    maxLength: 12,
  })
  .map((all) =>
    all.flatMap(([said, results, answer], index): Message[] => {
      const ids = results.map((_, at) => `c${index}.${at}`);
      return [
        {
          role: 'assistant',
          text: said,
          toolCalls: ids.map((id) => ({ id, name: 'read_file', arguments: {} })),
        },
        ...results.map(
          (result, at): Message => ({ role: 'tool', callId: ids[at] ?? '', text: result, failed: false }),
        ),
        ...(answer === undefined ? [] : [answer]),
      ];
    }),
  );

const conversations = fc.record<Conversation>({
  first: fc.tuple(
    text.map((role): Message => ({ role: 'system', text: role })),
    user,
  ),
  rest: fc
    .tuple(fc.option(user, { nil: undefined, freq: 8 }), turns)
    .map(([said, all]) => (said === undefined ? all : [said, ...all])),
  tools: fc.array(fc.record({ name: text, description: text, parameters: fc.constant({}) }), {
    maxLength: 2,
  }),
});

const limit = (most: number) => fc.option(fc.integer({ min: 1, max: most }), { nil: undefined, freq: 3 });
const rules = fc.record<StateRules>({
  mode: fc.constantFrom('stateless', 'session', 'long_running'),
  maxMessages: limit(40),
  maxTokens: limit(800),
  encrypted: fc.constant(false),
});
const measurements = fc.option(
  fc.record<Measured>({
    estimate: fc.integer({ min: 1, max: 900 }),
    inputTokens: fc.integer({ min: 0, max: 900 }),
  }),
  { nil: undefined },
);

const plan = (...[of, conversation, measured]: readonly [StateRules, Conversation, Measured | undefined]) =>
  planWindow(of, conversation, createGauge(count), measured);

/** Every window there may be, the largest first: what planWindow is to choose from, made without its arithmetic. */
function candidates({ mode }: StateRules, { first, rest }: Conversation) {
  const starts = [
    0,
    ...rest.flatMap(({ role }, index) => (role === 'assistant' && index > 0 ? [index] : [])),
  ];
  return (mode === 'stateless' ? starts.slice(-1) : starts).map((start) => {
    const note: Message = {
      role: 'user',
      text: `${start} message${start === 1 ? '' : 's'} of this conversation, the oldest, ${start === 1 ? 'is' : 'are'} left out here.`,
    };
    return { start, messages: [...first, ...(start === 0 ? [] : [note]), ...rest.slice(start)] };
  });
}

describe('of any conversation', () => {
  test('the largest window that holds to the limits is sent, or none', () => {
    fc.assert(
      fc.property(rules, conversations, measurements, (of, conversation, measured) => {
        const gauge = createGauge(count);
        const window = plan(of, conversation, measured);
        const fits = (messages: readonly Message[]) => {
          const ratio = (measured?.inputTokens ?? 0) / (measured?.estimate ?? 1);
          const own = gauge.messages(messages) + gauge.tools(conversation.tools);
          const tokens = ratio >= 1 / 4 && ratio <= 4 ? own * ratio : own;
          return messages.length <= (of.maxMessages ?? Infinity) && tokens <= (of.maxTokens ?? Infinity);
        };
        const best = candidates(of, conversation).find(({ messages }) => fits(messages));
        expect(window.ok ? window.messages : undefined).toEqual(best?.messages);
        if (!window.ok) expect(window.reason).toMatch(/come to \d+ (messages|tokens), and spec\.state\./);
        else if (of.maxTokens !== undefined) {
          expect(window.sent).toMatchObject({ leftOut: best?.start });
          expect(window.sent?.size?.tokens).toBeLessThanOrEqual(of.maxTokens);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('no call is parted from its results, and what it began with stays', () => {
    fc.assert(
      fc.property(rules, conversations, (of, conversation) => {
        const window = plan(of, conversation, undefined);
        if (!window.ok) return;
        const { messages } = window;
        expect(messages.slice(0, 2)).toEqual(conversation.first);
        const calls = messages.flatMap((each) =>
          each.role === 'assistant' ? each.toolCalls.map(({ id }) => id) : [],
        );
        const results = messages.flatMap((each) => (each.role === 'tool' ? [each.callId] : []));
        expect(results).toEqual(calls);
      }),
    );
  });

  test('it is the same again, whatever was counted before', () => {
    fc.assert(
      fc.property(rules, conversations, conversations, measurements, (of, conversation, other, measured) => {
        const gauge = createGauge(count);
        planWindow(of, other, gauge, measured);
        const again = planWindow(of, structuredClone(conversation), gauge, measured);
        expect(again).toEqual(plan(of, conversation, measured));
      }),
    );
  });
});

describe('who counts', () => {
  const of: StateRules = { mode: 'session', maxMessages: undefined, maxTokens: 10_000, encrypted: false };
  const first: Message[] = [
    { role: 'system', text: 'You review one change.' },
    { role: 'user', text: 'Begin.' },
  ];
  const rest: Message[] = [
    { role: 'assistant', text: '', toolCalls: [{ id: 'c', name: 'read_diff', arguments: {} }] },
    { role: 'tool', callId: 'c', text: '+export const vat = 19;', failed: false },
  ];
  const gauge = createGauge(count);
  const begun = gauge.messages(first);

  test('before the provider has counted anything it is our estimate', () => {
    const window = plan(of, { first, rest: [], tools: [] }, undefined);
    expect(window).toMatchObject({ sent: { size: { tokens: begun, counted: 'estimate', estimate: begun } } });
  });

  test('then what a request held counts as the provider counted it', () => {
    const measured = { estimate: begun, inputTokens: begun * 2 };
    expect(plan(of, { first, rest: [], tools: [] }, measured)).toMatchObject({
      sent: { size: { tokens: begun * 2, counted: 'provider', estimate: begun } },
    });
    const grown = begun + gauge.messages(rest);
    expect(plan(of, { first, rest, tools: [] }, measured)).toMatchObject({
      sent: { size: { tokens: grown * 2, counted: 'provider' } },
    });
  });

  test.each([0, 1, 10_000])('a provider that counted %i tokens counts something else', (inputTokens) => {
    expect(plan(of, { first, rest, tools: [] }, { estimate: begun, inputTokens })).toMatchObject({
      sent: { size: { counted: 'estimate', tokens: begun + gauge.messages(rest) } },
    });
  });
});
