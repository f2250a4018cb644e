import { describe, expect, test } from 'vitest';
import type { SessionLog } from '../../../components/stores/types.ts';
import type { Tool } from '../../../components/tools/types.ts';
import { writeFiles } from '../../support/workspace.ts';
import { agentYaml, review, scripted } from '../support.ts';
import {
  counting,
  done,
  model,
  note,
  programs,
  rung,
  saying,
  sessionIn,
  titled,
  withProgram,
} from './support.ts';

/** A log whose job ends before or after its n-th record is durable. */
function cutAt(record: number, when: 'before' | 'after') {
  let left = record;
  return (log: SessionLog): SessionLog => ({
    ...log,
    head: () => log.head(),
    get records() {
      return log.records;
    },
    get snapshot() {
      return log.snapshot;
    },
    append: async (kind, body) => {
      left -= 1;
      if (left < 0 && when === 'before') throw new Error('the job ends');
      const appended = await log.append(kind, body);
      if (left < 0) throw new Error('the job ends');
      return appended;
    },
  });
}

const issue = { type: 'propose', kind: 'issue', fields: { title: 'VAT', body: 'Pick one unit.' } };
const ask = { type: 'ask', question: 'Is 19 a percentage?' };

describe.skipIf(rung === 'none')(titled('a program that is started again'), () => {
  test('killed before and after each record: the same end, no effect twice, and no call paid twice but the one in flight', async () => {
    const way = saying(
      model('a'),
      note('One.'),
      model('b'),
      issue,
      { type: 'report', confidence: 0.9 },
      done,
    );
    const cwd = withProgram(way);
    const whole = await sessionIn(cwd).run({ model: counting().model });
    expect(whole).toMatchObject({
      outcome: 'complete',
      state: { iterations: 2, proposals: [{ kind: 'note' }, { kind: 'issue' }] },
    });
    // begun, 2 × (call, step), note, issue, report, done, ended.
    const places = Array.from({ length: 10 }, (_, record) => ['before', record] as const);
    for (const [when, record] of [...places, ['after', 2], ['after', 9]] as const) {
      const session = sessionIn(cwd);
      const asked = counting();
      await expect(session.run({ model: asked.model }, cutAt(record, when))).rejects.toThrow('the job ends');
      const end = await session.run({ model: asked.model });
      const place = `${when} ${record}`;
      expect(end.state.proposals, place).toEqual(whole.state.proposals);
      expect([end.outcome, end.reason], place).toEqual([whole.outcome, whole.reason]);
      expect(end.state.loop.steps, place).toEqual(whole.state.loop.steps);
      expect(end.state.usage.inputTokens, place).toBe(20);
      // Of a call that was answered and not recorded the answer is lost; each other is made once.
      expect(asked.calls() - 2, place).toBe(end.state.usage.callsLost > 0 && when === 'before' ? 1 : 0);
      expect(end.state.usage.callsLost, place).toBeLessThanOrEqual(1);
    }
  });

  test('the example goes on where it was, with what it was told', async () => {
    const session = sessionIn(withProgram(programs.node));
    let calls = 0;
    const asked = scripted(review, () => {
      calls += 1;
    });
    await expect(session.run({ model: asked }, cutAt(6, 'after'))).rejects.toThrow('the job ends');
    expect(await session.run({ model: asked })).toMatchObject({
      outcome: 'complete',
      state: { iterations: 3 },
    });
    expect(calls).toBe(3);
  });

  test('one that takes another way waits for a person, and goes on from there then, without what it proposed since', async () => {
    const session = sessionIn(withProgram(saying(model('a'), note('One.'), issue, ask)));
    const asked = counting();
    expect(await session.run({ model: asked.model })).toMatchObject({ outcome: 'blocked' });
    session.change(saying(model('a'), note('Two.'), done));
    const reason = expect.stringContaining('request 2 was another propose then, and is propose now');
    const blocked = await session.run({ model: asked.model });
    expect(blocked).toMatchObject({ outcome: 'blocked', reason });
    expect(blocked.state.proposals).toHaveLength(2);
    // Not answered, it waits on; one that finds its way again goes on.
    expect(await session.run({ model: asked.model })).toMatchObject({ outcome: 'blocked', reason });
    await session.answer({ text: 'Go on.' });
    const end = await session.run({ model: asked.model });
    expect(end).toMatchObject({
      outcome: 'complete',
      state: { proposals: [{ kind: 'note', body: 'Two.' }] },
    });
    expect(asked.calls()).toBe(1);
  });

  test('an answer to another question does not forget a way that was found again', async () => {
    const way = saying(model('a'), note('One.'), ask, done);
    const session = sessionIn(withProgram(way));
    await session.run({ model: counting().model });
    session.change(saying(model('b')));
    expect((await session.run({ model: counting().model })).reason).toContain('another way');
    session.change(way);
    expect((await session.run({ model: counting().model })).reason).toContain('it asks');
    await session.answer({ text: 'Yes.' });
    const end = await session.run({ model: counting().model });
    expect(end).toMatchObject({
      outcome: 'complete',
      state: { iterations: 1, proposals: [{ body: 'One.' }] },
    });
  });

  test('a question is answered by a person, once', async () => {
    const session = sessionIn(withProgram(saying(ask, { ...ask, question: 'Sure?' }, done)));
    const run = () => session.run({ model: counting().model });
    expect(await run()).toMatchObject({ outcome: 'blocked', reason: 'it asks: "Is 19 a percentage?"' });
    await session.answer({ text: 'It is.' });
    expect(await run()).toMatchObject({ outcome: 'blocked', reason: 'it asks: "Sure?"' });
    expect(session.told).toContain('loop: {"type":"answer","id":0,"ok":true,"result":{"text":"It is."}}');
    await session.answer({ text: 'Yes.' });
    expect(await run()).toMatchObject({ outcome: 'complete' });
  });

  const call = { type: 'tool', name: 'send', arguments: {} };
  const send = (run: Tool['run'], more: Partial<Tool> = {}): Tool => ({
    ...{ id: 'send', description: 'Sends.', parameters: { type: 'object' }, source: 'mcp', replay: 'none' },
    ...{
      timeout: 1_000,
      outputLimit: 100,
      readOn: 'ask for less',
      permission: 'execute_queries',
      kind: 'mcp',
      risk: 'high',
    },
    run,
    ...more,
  });

  test('a call that a person must approve is made once it is, and once', async () => {
    const more =
      'safety: {human_in_loop: {enabled: true, triggers: [high_risk_action]}}\nautonomy: {approval_required: [call_tool]}';
    const session = sessionIn(withProgram(saying(call, done), { more }));
    let sent = 0;
    const tools = [
      send(async () => {
        sent += 1;
        return { text: 'sent', failed: false };
      }),
    ];
    const run = () => session.run({ model: counting().model, more: tools });
    const held = await run();
    expect(held).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('a person must approve: send {}'),
    });
    await session.answer({ text: `approve ${held.state.waiting[0]?.digest}` });
    expect(await run()).toMatchObject({ outcome: 'complete' });
    expect(sent).toBe(1);
    // Words are no approval: the program is told them.
    const refused = sessionIn(withProgram(saying(call, done), { more }));
    await refused.run({ model: counting().model, more: tools });
    await refused.answer({ text: 'Better not.' });
    expect(await refused.run({ model: counting().model, more: tools })).toMatchObject({
      outcome: 'complete',
    });
    expect(refused.told.join()).toContain('A person answers your call: Better not.');
    expect(sent).toBe(1);
  });

  test('a call that was cut off is made again by nobody but its program, which is told what a person says', async () => {
    const session = sessionIn(withProgram(saying(call, { type: 'report', confidence: 1 }, done)));
    let sent = 0;
    const tools = [
      send(async () => {
        sent += 1;
        return { text: 'sent', failed: false };
      }),
    ];
    const run = (through?: (log: SessionLog) => SessionLog) =>
      session.run({ model: counting().model, more: tools }, through);
    await expect(run(cutAt(2, 'before'))).rejects.toThrow('the job ends');
    expect(await run()).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('its call of send was cut off'),
    });
    await session.answer({ text: 'It was done.' });
    expect(await run()).toMatchObject({ outcome: 'complete' });
    expect([sent, session.told.join().includes('A person answers your call: It was done.')]).toEqual([
      1,
      true,
    ]);
  });

  test('under lists that changed it begins again where it first proposed', async () => {
    const cwd = withProgram(saying(model('a'), note('One.'), ask));
    const session = sessionIn(cwd);
    const asked = counting();
    await session.run({ model: asked.model });
    const extensions =
      '{pipewright: {proposals: {note: {topics: [other]}}, loop: {entrypoint: agents/loop, args: [one]}}}';
    writeFiles(cwd, { 'agents/reviewer.ossa.yaml': agentYaml({ extensions }) });
    session.change(saying(model('a'), note('One.'), done));
    const end = await session.run({ model: asked.model, acceptsChanges: true });
    expect(end).toMatchObject({
      outcome: 'complete',
      state: { proposals: [{ kind: 'note', body: 'One.' }] },
    });
    expect(asked.calls()).toBe(1);
  });

  test('a provider is given back what it wants of a turn, from a snapshot too', async () => {
    const providerData = { api: 'a', model: 'm', parts: [{ signature: 'x' }] };
    const sent: string[] = [];
    let calls = 0;
    const signing = {
      id: 'signing',
      generate: async (request: object) => {
        sent.push(JSON.stringify(request));
        calls += 1;
        const usage = { inputTokens: 1, outputTokens: 1 };
        return { text: `said ${calls}`, toolCalls: [], usage, costPicoUsd: 0n, providerData };
      },
    };
    const messages = [
      { role: 'user', text: 'a' },
      { role: 'assistant', text: 'said 1', toolCalls: [] },
      { role: 'user', text: 'b' },
    ];
    const session = sessionIn(withProgram(saying(model('a'), { type: 'model', messages }, done)));
    const snapping = (log: SessionLog) => ({ ...cutAt(3, 'before')(log), isSnapshotDue: () => true });
    await expect(session.run({ model: signing }, snapping)).rejects.toThrow('the job ends');
    await session.run({ model: signing });
    expect(sent[1]).toContain('"signature":"x"');
    expect(session.told.join()).not.toContain('signature');
  });
});
