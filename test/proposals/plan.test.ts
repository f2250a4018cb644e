import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Proposal } from '../../components/proposals/bundle.gen.ts';
import { makeBundle, parseBundle } from '../../components/proposals/bundle.ts';
import { changedLines } from '../../components/proposals/changed-lines.ts';
import type { Choices } from '../../components/proposals/choices.ts';
import { planEffects } from '../../components/proposals/plan.ts';
import { findUnsafe } from '../../components/proposals/text/find-unsafe.ts';

const choices: Choices = {
  note: { topics: ['review', 'risk'] },
  label: { labels: ['needs-tests'] },
  issue: { labels: ['follow-up'], max: 2 },
};
const noLines = changedLines([]);
const note = (topic: number, body = 'text'): Proposal => ({ kind: 'note', topic, body });
const issue = (title: string): Proposal => ({ kind: 'issue', title, body: 'b', labels: [0] });

describe('effects by lists of our own', () => {
  test('every kind', () => {
    const planned = planEffects(
      choices,
      [note(1), { kind: 'label', label: 0 }, issue('One'), issue('Two')],
      noLines,
    );
    expect(planned.map((one) => (one.ok ? one.effect : one.reason))).toEqual([
      { kind: 'note', key: 'risk', topic: 'risk', body: 'text' },
      { kind: 'label', label: 'needs-tests' },
      { kind: 'issue', key: '1', title: 'One', body: 'b', labels: ['follow-up'] },
      { kind: 'issue', key: '2', title: 'Two', body: 'b', labels: ['follow-up'] },
    ]);
  });

  test.each<[Choices, Proposal[], RegExp]>([
    [choices, [note(2)], /topic is none/],
    [{}, [note(0)], /topic is none/],
    [choices, [note(0), note(0)], /has a note already/],
    [choices, [{ kind: 'label', label: 7 }], /label is none/],
    [
      choices,
      [
        { kind: 'label', label: 0 },
        { kind: 'label', label: 0 },
      ],
      /proposed already/,
    ],
    [choices, [{ kind: 'issue', title: 't', body: 'b', labels: [1] }], /one of its labels is none/],
    [{ note: { topics: ['a'] } }, [issue('x')], /allows no issues/],
    [choices, [issue('1'), issue('2'), issue('3')], /2 issues are proposed already/],
    [choices, [note(0, '\u200b\u200b')], /nothing of its text is left/],
    [choices, [issue('\u202e')], /nothing of its title or text is left/],
  ])('%j %j is refused', (lists, proposals, reason) => {
    const last = planEffects(lists, proposals, noLines).at(-1);
    expect(last).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('no index, no text, whatever it is, gives a word that is in no list of ours', () => {
    const index = fc.integer({ min: 0, max: 4 });
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
    const proposal: fc.Arbitrary<Proposal> = fc.oneof(
      fc.record({ kind: fc.constant('note' as const), topic: index, body: text }),
      fc.record({ kind: fc.constant('label' as const), label: index }),
      fc.record({
        ...{ kind: fc.constant('issue' as const), title: text, body: text },
        labels: fc.uniqueArray(index, { maxLength: 3 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(proposal, { maxLength: 8 }), (proposals) => {
        for (const planned of planEffects(choices, proposals, noLines)) {
          if (!planned.ok) continue;
          const { effect } = planned;
          if (effect.kind === 'note') expect(choices.note?.topics).toContain(effect.topic);
          if (effect.kind === 'label') expect(choices.label?.labels).toContain(effect.label);
          if (effect.kind === 'issue')
            for (const label of effect.labels) expect(['follow-up']).toContain(label);
          if ('body' in effect) expect(findUnsafe(effect.body)).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a bundle', () => {
  const bundle = makeBundle({
    version: '0.1.0',
    session: { id: '00000000-0000-4000-8000-000000000000', epoch: 1 },
    agent: { path: 'agents/a.ossa.yaml', name: 'a', digest: `sha256:${'0'.repeat(64)}` },
    target: { project: 1, mergeRequest: 2, head: 'a'.repeat(40) },
    choices,
    sources: ['merge-request-diff'],
    usage: { iterations: 1, tokens: 10, costUsd: 0 },
    proposals: [note(0)],
  });
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

  test('comes back as it was, with the digest of its bytes', () => {
    expect(parseBundle(bytes(bundle))).toMatchObject({ ok: true, bundle });
  });

  test.each([
    ['no JSON', new TextEncoder().encode('{"proposals": ghp_secretsecretsecret'), /it is not JSON$/],
    ['no UTF-8', Uint8Array.of(0x7b, 0xff), /it is not UTF-8/],
    ['wrong version', bytes({ ...bundle, format: 'pipewright/proposals/v9' }), /format/],
    ['unknown kind', bytes({ ...bundle, proposals: [{ kind: 'merge', branch: 'main' }] }), /proposals\[0\]/],
    ['a field too many', bytes({ ...bundle, proposals: [{ ...note(0), project: 7 }] }), /project/],
    ['an index that is none', bytes({ ...bundle, proposals: [note(-1)] }), /topic/],
    ['a target of another form', bytes({ ...bundle, target: { project: '1' } }), /target/],
    [
      'too many proposals',
      bytes({ ...bundle, proposals: Array.from({ length: 51 }, () => note(0)) }),
      /proposals/,
    ],
    ['nothing', new Uint8Array(), /it is not JSON/],
    ['too large', new Uint8Array(4 * 1024 * 1024 + 1), /more than 4194304 bytes/],
  ])('%s is refused with the reason', (_, given, reason) => {
    const parsed = parseBundle(given);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.reasons.join('; ')).toMatch(reason);
  });
});
