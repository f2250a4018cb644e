import { describe, expect, test } from 'vitest';
import { type Choices, digestChoices, planChoices } from '../../components/proposals/choices.ts';
import { createDesk } from '../../components/proposals/desk.ts';
import { readExtension } from '../../components/proposals/extension.ts';
import { kinds } from '../../components/proposals/kinds.gen.ts';
import { proposalKinds } from '../../components/proposals/types.ts';

const choices: Choices = {
  note: { topics: ['review', 'risk'] },
  label: { labels: ['needs-tests', 'risky'] },
  issue: { labels: ['follow-up', 'debt'], max: 2 },
};
const desk = createDesk(choices);

test('every kind has a file, and the port names the same', () => {
  expect(kinds.map(({ id }) => id).sort()).toEqual([...proposalKinds].sort());
});

describe('what an agent is offered', () => {
  test('a tool for each kind that its manifest names', () => {
    expect(desk.tools.map(({ name }) => name)).toEqual(['propose_issue', 'propose_label', 'propose_note']);
    expect(createDesk({ label: { labels: ['a'] } }).tools.map(({ name }) => name)).toEqual(['propose_label']);
    expect(createDesk({}).tools).toEqual([]);
  });

  test('choices by their words, which become indices', () => {
    expect(desk.take('propose_note', { topic: 'risk', body: 'x' }, [])).toMatchObject({
      ok: true,
      proposal: { kind: 'note', topic: 1, body: 'x' },
    });
    expect(desk.take('propose_note', { body: 'x' }, [])).toMatchObject({ proposal: { topic: 0 } });
    expect(desk.take('propose_label', { label: 'risky' }, [])).toMatchObject({
      proposal: { kind: 'label', label: 1 },
    });
    expect(
      desk.take('propose_issue', { title: 't', body: 'b', labels: ['debt', 'follow-up', 'debt'] }, []),
    ).toMatchObject({ proposal: { kind: 'issue', title: 't', body: 'b', labels: [0, 1] } });
  });
});

describe('what is not taken, and why', () => {
  test.each([
    ['propose_note', null, /the arguments are no object.*body must be a text/],
    ['propose_note', { body: '  ' }, /body must be a text/],
    ['propose_note', { body: 'x'.repeat(60_001) }, /longer than 60000/],
    ['propose_note', { body: 'x', topic: 'acme/other' }, /topic must be one of: "?review/],
    ['propose_note', { body: 'x', project: 7 }, /there is no argument "project"/],
    ['propose_label', { label: 0 }, /label must be one of/],
    ['propose_label', { label: '__proto__' }, /label must be one of/],
    ['propose_issue', { title: 't', body: 'b', labels: ['bug'] }, /labels must be one of/],
    ['propose_issue', { title: 't', body: 'b', labels: 'debt' }, /labels must be a list/],
    ['propose_issue', { body: 'b' }, /title must be a text/],
    ['propose_merge', {}, /cannot be proposed/],
  ])('%s %j', (name, input, said) => {
    const answer = desk.take(name, input, []);
    expect(answer.ok).toBe(false);
    expect(answer.said).toMatch(said);
  });

  test('more of a kind than its lists allow', () => {
    const note = { kind: 'note', topic: 0, body: 'x' };
    const issue = { kind: 'issue', title: 't', body: 'b', labels: [] };
    expect(desk.take('propose_note', { body: 'again' }, [note]).said).toMatch(/review has a note already/);
    expect(desk.take('propose_note', { body: 'x', topic: 'risk' }, [note]).ok).toBe(true);
    expect(desk.take('propose_label', { label: 'risky' }, [{ kind: 'label', label: 1 }]).said).toMatch(
      /already/,
    );
    expect(desk.take('propose_issue', { title: 't', body: 'b' }, [issue, issue]).said).toMatch(/2 issues/);
    const many = Array.from({ length: 50 }, () => note);
    expect(desk.take('propose_label', { label: 'risky' }, many).said).toMatch(/at most 50/);
  });
});

describe('extensions.pipewright', () => {
  const manifest = (pipewright: unknown) => ({ extensions: { pipewright } });

  test('names the kinds, at both places extensions stand', () => {
    const value = { proposals: { note: {}, issue: { labels: ['a'] } } };
    expect(planChoices(readExtension(manifest(value)).extension, 'reviewer')).toEqual({
      note: { topics: ['reviewer'] },
      issue: { labels: ['a'], max: 3 },
    });
    expect(readExtension({ spec: { extensions: { pipewright: value } } }).extension).toEqual(value);
    expect(readExtension({}).extension).toEqual({});
    expect(readExtension(null).issues).toEqual([]);
  });

  test.each([
    { proposals: { merge: {} } },
    { proposals: { label: {} } },
    { proposals: { label: { labels: ['a,b'] } } },
    { proposals: { label: { labels: ['~x'] } } },
    { proposals: { note: { topics: ['<b>'] } } },
    { proposals: { issue: { max: 1000 } } },
    { proposal: {} },
    [],
  ])('%j is a mistake, and nothing can be proposed', (value) => {
    const { extension, issues } = readExtension(manifest(value));
    expect(issues.length).toBeGreaterThan(0);
    expect(issues[0]?.path.slice(0, 2)).toEqual(['extensions', 'pipewright']);
    expect(extension).toEqual({});
  });

  test('lists have a digest that their order is part of', () => {
    const one = digestChoices({ label: { labels: ['a', 'b'] } });
    expect(digestChoices({ label: { labels: ['a', 'b'] } })).toBe(one);
    expect(digestChoices({ label: { labels: ['b', 'a'] } })).not.toBe(one);
  });
});
