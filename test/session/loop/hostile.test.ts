import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../components/kernel/canonical.ts';
import type { Context } from '../../../components/kernel/context.ts';
import { createInbox } from '../../../components/session/loop/inbox.ts';
import { testContext } from '../../support/cli.ts';
import {
  counting,
  done,
  model,
  note,
  rung,
  saying,
  sessionIn,
  shell,
  titled,
  withProgram,
} from './support.ts';

const say = (message: object) => `ask '${JSON.stringify(message)}'`;
const first = say({ ...note('One.'), id: 1 });

/** What a program does after one proposal of it is durable, and why its session ends. */
const attempts: readonly (readonly [name: string, line: string, reason: string])[] = [
  ['it ends early', 'exit 0', 'it has ended with exit code 0, and it has not said that it is done'],
  ['it kills itself', 'kill -KILL $$', 'exit code 137'],
  ['a line of another program', 'ask "Loading checkpoint shards: 100%"', 'a line that is no JSON'],
  ['a flood of requests', `yes '${JSON.stringify({ ...note('a'), id: 2 })}'`, 'before it was answered'],
  ['a line without an end', 'yes | tr -d "\\n"', 'a message of more than 2097152 bytes'],
  ['a flood of empty lines', "yes ''", 'it has written without end'],
  ['a flood of errors', 'yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx >&2', 'too much to its standard error'],
  ['processes without end', 'while :; do sleep 50 & done', 'it exceeded its processes'],
  ['bytes that are no text', "printf '\\xff\\xfe\\n'; cat", 'no JSON'],
];

/** Messages that end a conversation, after a greeting. */
const messages: readonly (readonly [name: string, message: JsonValue, reason: string])[] = [
  ['no mapping', [], 'no type we know'],
  ['a number', 7, 'no type we know'],
  ['no type', { id: 1 }, 'no type we know'],
  ['an unknown type', { type: 'shell', id: 2, command: 'id' }, '"shell"'],
  ['an answer in our place', { type: 'answer', id: 2, ok: true, result: {} }, '"value"'],
  ['half of a surrogate pair', { ...note('\ud800'), id: 2 }, 'half of a surrogate pair'],
  ['names of prototypes', JSON.parse('{"__proto__": {"type": "done", "id": 1}}'), 'no type we know'],
  ['the name of a method', { type: 'constructor', id: 1 }, '"constructor"'],
  ['no id', done, '"id"'],
  ['an id that is no word', { ...done, id: { toString: 1 } }, 'id'],
  ['another model', { ...model('a'), id: 2, model: 'gpt-5' }, 'model'],
  ['limits of its own', { ...model('a'), id: 2, maxOutputTokens: 1e9 }, 'maxOutputTokens'],
  ['an unknown role', { type: 'model', id: 2, messages: [{ role: 'root', text: 'x' }] }, 'role'],
  [
    'what providers sign',
    { type: 'model', id: 2, messages: [{ role: 'assistant', text: '', toolCalls: [], providerData: {} }] },
    'providerData',
  ],
  ['no messages', { type: 'model', id: 2, messages: [] }, 'messages'],
  ['a text that is none', { type: 'model', id: 2, messages: [{ role: 'user', text: ['x'] }] }, 'text'],
  ['a proposal of no kind', { type: 'propose', id: 2, kind: '../note', fields: {} }, 'kind'],
  ['a second greeting', { type: 'hello', protocol: 1 }, 'greeted twice'],
];

describe('what a program says', () => {
  const hello = { type: 'hello', protocol: 1 } as const;

  test.each(messages)('%s ends the conversation', async (_, message, reason) => {
    const inbox = createInbox();
    inbox.take(hello);
    inbox.take(message);
    inbox.take({ ...done, id: 3 });
    expect(await inbox.next()).toEqual({ kind: 'message', message: hello });
    const heard = { kind: 'over', reason: expect.stringContaining(reason) };
    expect([await inbox.next(), await inbox.next()]).toEqual([heard, heard]);
  });

  test('one thing at a time, and a greeting first', async () => {
    const [early, twice] = [createInbox(), createInbox()];
    early.take({ ...done, id: 1 });
    expect(await early.next()).toMatchObject({ reason: 'it has not greeted first' });
    const other = createInbox();
    other.take({ type: 'hello', protocol: 2 });
    expect(await other.next()).toMatchObject({ reason: expect.stringContaining('protocol') });
    for (const message of [hello, { ...note('a'), id: 1 }]) twice.take(message as JsonValue);
    expect([await twice.next(), await twice.next()]).toMatchObject([
      { message: hello },
      { message: { id: 1 } },
    ]);
    twice.answered();
    for (const id of ['b', 'c']) twice.take({ ...note('a'), id } as JsonValue);
    expect([await twice.next(), await twice.next()]).toMatchObject([
      { message: { id: 'b' } },
      { reason: 'it has asked again before it was answered' },
    ]);
  });

  test('whatever it is, it is a message or the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 }), async (values) => {
        const inbox = createInbox();
        for (const value of values) inbox.take(value as JsonValue);
        inbox.end('the end');
        const { kind } = await inbox.next();
        expect(kind).toBe('over');
      }),
    );
  });
});

/** A context whose waits are over at once where they are as long as this. */
function hurried(wait: number): Partial<Context> {
  const { clock } = testContext('/');
  const sleep: Context['clock']['sleep'] = (milliseconds, signal) =>
    clock.sleep(milliseconds === wait ? 300 : milliseconds, signal);
  return { clock: { ...clock, sleep } };
}

describe.skipIf(rung === 'none')(
  titled('a program of the worst kind ends its session, with nothing half recorded'),
  () => {
    test.each(attempts)('%s', async (_, line, reason) => {
      const session = sessionIn(withProgram(shell(first, line)));
      const asked = counting();
      const end = await session.run({ model: asked.model });
      expect(end).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(reason) });
      expect(end.reason).toContain('its loop is of no use');
      expect(asked.calls()).toBe(0);
      // Of a flood the second is served before the third ends it.
      const steps = end.state.loop.steps.length;
      expect([1, 2]).toContain(steps);
      expect(end.state.proposals).toHaveLength(1);
      const kinds = (await session.records()).map(({ kind }) => kind);
      expect(kinds).toEqual(['session-begun', ...Array(steps).fill('loop-step'), 'ended']);
      expect(session.told.length).toBeLessThanOrEqual(501);
    });

    test('silence', async () => {
      const session = sessionIn(withProgram(shell(first, 'sleep 100')), hurried(120_000));
      expect(await session.run({ model: counting().model })).toMatchObject({
        outcome: 'failed',
        reason: expect.stringContaining('it said nothing for 120 s'),
      });
      const never = sessionIn(withProgram('#!/bin/sh\nsleep 100\n'), hurried(30_000));
      expect(await never.run({ model: counting().model })).toMatchObject({
        outcome: 'failed',
        reason: expect.stringContaining('it did not greet within 30 s'),
      });
    });

    test('one that works longer than the manifest lets it is ended in the middle of it', async () => {
      const completion = 'timeout_seconds: 1\ndefault_signal: complete';
      const session = sessionIn(withProgram(shell(first, 'sleep 100'), { completion }));
      expect(await session.run({ model: counting().model })).toMatchObject({
        ...{ outcome: 'blocked', reason: 'its timeout of 1 s is over' },
        state: { proposals: [{ kind: 'note' }] },
      });
    });

    test('one that asks without end is stopped by its manifest and by the limits of the desk', async () => {
      const lines = [
        'for i in $(seq 60); do',
        `ask '{"type":"propose","id":'$i',"kind":"note","fields":{"body":"n"}}'`,
        'done',
        say({ ...done, id: 99 }),
      ];
      const end = await sessionIn(withProgram(shell(...lines))).run({ model: counting().model });
      expect(end.outcome).toBe('complete');
      expect(end.state.proposals).toHaveLength(1);
      expect(end.state.errors).toBe(59);
    });

    test('what it does after it is done is nobody’s', async () => {
      const after = shell(say({ ...done, id: 1 }), say({ ...note('late'), id: 2 }), 'sleep 100');
      const end = await sessionIn(withProgram(after)).run({ model: counting().model });
      expect(end).toMatchObject({ outcome: 'complete', state: { proposals: [] } });
    });

    test('a job that is cancelled says so, and nothing of the program is left', async () => {
      const cancel = new AbortController();
      const session = sessionIn(withProgram(saying(note('One.'), model('a'), done)), {
        cancel: cancel.signal,
      });
      const asked = counting();
      const cancelling = {
        ...asked.model,
        generate: async () => {
          cancel.abort(new Error('cancelled'));
          throw new Error('cancelled');
        },
      };
      await expect(session.run({ model: cancelling })).rejects.toThrow('cancelled');
    });
  },
);
