import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../components/kernel/canonical.ts';
import { scripted, turn } from '../support.ts';
import {
  counting,
  done,
  loopPath,
  model,
  note,
  programs,
  rung,
  saying,
  sessionIn,
  titled,
  withProgram,
} from './support.ts';

const extensions = `{pipewright: {proposals: {note: {}}, loop: {entrypoint: ${loopPath}},
  answer: {schema: {type: object, required: [verdict], properties: {verdict: {enum: [good, bad]}}}}}}`;

const answer = (value: JsonValue) => ({ type: 'answer', value });
const good = answer({ verdict: 'good' });

const start = (...requests: readonly object[]) => sessionIn(withProgram(saying(...requests), { extensions }));

/** What the program was told, as it has written it down. */
const toldOf = ({ told }: ReturnType<typeof start>) =>
  told.filter((line) => line.startsWith('loop: {')).map((line) => JSON.parse(line.slice(6)));

describe.skipIf(rung === 'none')(titled('an answer of a program'), () => {
  test('is checked as a model’s, by a request of its own or as a tool, and the last that fits counts', async () => {
    const bad = { type: 'tool', name: 'answer', arguments: { verdict: 'bad' } };
    const session = start(answer({ verdict: 'fine' }), good, bad, answer(7), done);
    const end = await session.run({ model: counting().model });
    expect(end).toMatchObject({ outcome: 'complete', state: { errors: 2, given: { value: bad.arguments } } });
    const failed = toldOf(session).map(({ result }) => result.failed);
    expect(failed.slice(0, 4)).toEqual([true, false, false, true]);
    // What it was told of them stands in its steps, too.
    expect(await session.erase()).not.toMatch(/verdict|good|Taken/);
  });

  test('is missed when it is done: it is told so once, and goes on from there in another job', async () => {
    const session = start(model('a'), done, done);
    const asked = counting();
    const first = await session.run({ model: asked.model });
    expect(first).toMatchObject({
      outcome: 'blocked',
      reason: 'it has ended without the answer that its manifest declares',
    });
    expect(toldOf(session)[1]).toMatchObject({ ok: false, error: { code: 'answer-missing' } });
    session.change(saying(model('a'), done, good, done));
    await session.answer({ text: 'It may answer now.' });
    const end = await session.run({ model: asked.model });
    expect(end).toMatchObject({ outcome: 'complete', state: { given: { value: { verdict: 'good' } } } });
    expect(asked.calls()).toBe(1);
  });

  test('is forgotten with the way on which it was given', async () => {
    const session = start(note('One.'), good, { type: 'ask', question: 'Go on?' }, done);
    expect((await session.run({ model: counting().model })).state.given?.value).toEqual({ verdict: 'good' });
    session.change(saying(note('Two.'), done, done));
    await session.run({ model: counting().model });
    await session.answer({ text: 'Go that way.' });
    const end = await session.run({ model: counting().model });
    expect(end).toMatchObject({ outcome: 'blocked', state: { given: undefined } });
  });

  test('is put to the model by the example', async () => {
    const session = sessionIn(withProgram(programs.node, { extensions }));
    const turns = [turn('Done.'), turn('', ['answer', { verdict: 'good' }]), turn('Done.')];
    const end = await session.run({ model: scripted(turns) });
    expect(end).toMatchObject({ outcome: 'complete', state: { given: { value: { verdict: 'good' } } } });
  });
});
