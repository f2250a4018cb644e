import { describe, expect, test } from 'vitest';
import { renderText, type Written } from '../../components/decide/texts.ts';
import { noteBody, titleLine } from '../../components/proposals/limits.ts';
import { sanitiseBody } from '../../components/proposals/text/sanitise-body.ts';
import { sanitiseLine } from '../../components/proposals/text/sanitise-line.ts';
import type { SafeBody, SafeCode } from '../../components/proposals/text/types.ts';

const written: Written = {
  ...{ agent: 'reviewer', path: 'agents/reviewer.ossa.yaml', neutralised: 0, mergeRequest: 3 },
  session: '00000000-0000-4000-8000-000000000000',
  usage: { iterations: 1, tokens: 10, costUsd: 0 },
};
const note = (body: string, key = 'review') =>
  ({ kind: 'note', key, topic: 'review', body: sanitiseBody(body, noteBody).text }) as const;
const issue = {
  ...({ kind: 'issue', key: '1', labels: [] } as const),
  ...{ title: sanitiseLine('A title', titleLine).text, body: sanitiseBody('A body.', noteBody).text },
} as const;

test('a note has its topic, its text and who wrote it', () => {
  expect(renderText(note('VAT is **19**.'), written).text.replace(/[0-9a-f]{32}/, '…')).toBe(`### review

VAT is **19**.

---

_Written by the agent reviewer, which may be wrong · 1 iteration, 10 tokens._

Next: take it as a first look. It blocks nothing, and the next push brings it up to date.

<!-- pipewright:note:… -->`);
});

test('a thread is short: a topic, a text, its code, who wrote it and what is next', () => {
  const place = { oldPath: 'a.ts', newPath: 'a.ts', newLine: 1 };
  const thread = {
    ...({ kind: 'suggestion', key: '1', topic: 'style', place } as const),
    ...{ body: sanitiseBody('Say it shorter.', noteBody).text, replacement: 'const a = 1;' as SafeCode },
  };
  const usage = { ...written.usage, seconds: 12 };
  expect(renderText(thread, { ...written, usage }).text.replace(/[0-9a-f]{32}/g, '…')).toBe(`**style**

Say it shorter.

\`\`\`suggestion:-0+0
const a = 1;
\`\`\`

_Written by the agent reviewer, which may be wrong · 1 iteration, 10 tokens, 12 s._

Next: apply it if it is right; if not, say why and resolve the thread.

<!-- pipewright:suggestion:…:… -->`);
});

test('a draft merge request says what it is for and that nobody has looked at it', () => {
  const commit = {
    ...({ kind: 'commit', into: 'source' } as const),
    ...{ title: issue.title, body: sanitiseBody('Twice is wrong.', noteBody).text },
    files: [
      { path: 'src/a.ts', content: 'a' },
      { path: 'src/b.ts', content: null },
    ],
  };
  const { marker, text } = renderText(commit, written);
  expect(text.replace(/[0-9a-f]{32}/g, '…')).toBe(`Twice is wrong.

---

A commit of an agent (2 files, 1 of them deleted), made for !3. Nobody has looked at it yet.

_Written by the agent reviewer, which may be wrong · 1 iteration, 10 tokens._

Next: look at every file of it, then mark it as ready and merge it, or close it; once closed it stays closed.

<!-- pipewright:commit:… -->`);
  expect(renderText(commit, { ...written, mergeRequest: 4 }).marker).not.toBe(marker);
});

test.each([
  [0, '10 tokens._'],
  [0.000_001, '10 tokens, under 0.0001 USD._'],
  [0.0042, '10 tokens, 0.0042 USD._'],
  [1.5, '10 tokens, 1.50 USD._'],
])('what it cost: %d', (costUsd, words) => {
  const usage = { ...written.usage, costUsd };
  expect(renderText(note('x'), { ...written, usage }).text).toContain(words);
});

test('what was made harmless is counted', () => {
  const { text } = renderText(note('x'), { ...written, neutralised: 2 });
  expect(text).toContain('2 places of its text made harmless');
});

describe('the marker', () => {
  const markerOf = (...args: Parameters<typeof renderText>) => renderText(...args).marker;
  const one = markerOf(note('x'), written);

  test('is the same for other words', () => expect(markerOf(note('other'), written)).toBe(one));

  test('is another one for another topic and another agent, and for a note not for another merge request', () => {
    expect(markerOf(note('x', 'risk'), written)).not.toBe(one);
    expect(markerOf(note('x'), { ...written, path: 'agents/other.ossa.yaml' })).not.toBe(one);
    expect(markerOf(note('x'), { ...written, mergeRequest: 4 })).toBe(one);
  });

  test('of an issue is one of a merge request', () => {
    expect(markerOf(issue, { ...written, mergeRequest: 4 })).not.toBe(markerOf(issue, written));
  });
});

test('a text that is not harmless after all is written nowhere: DECIDE_UNSAFE_TEXT', () => {
  const unsafe = { ...note('x'), body: 'Fine.\n\n/close' as SafeBody };
  expect(() => renderText(unsafe, written)).toThrow(/the finished text of note still holds/);
});
