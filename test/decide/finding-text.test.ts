import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedManifests } from '../../components/decide/blocking-findings.ts';
import { markFindings, renderFindingThread } from '../../components/decide/finding-text.ts';
import type { FileDiff } from '../../components/gitlab/endpoints/diffs.ts';
import type { Finding } from '../../components/kernel/finding.ts';
import { nearestLine } from '../../components/proposals/changed-lines.ts';
import { findUnsafe } from '../../components/proposals/text/find-unsafe.ts';

const finding: Finding = {
  ...{ code: 'OSSA_ENUM', severity: 'error', file: 'agents/a.ossa.yaml', line: 23, column: 16 },
  path: 'spec.completion.signals[2].signal',
  message: 'spec.completion.signals[2].signal is "escalated"',
  expected: 'one of: continue, complete, blocked, escalate, checkpoint',
  ...{ got: '"escalated"', suggestion: 'escalate', fix: 'Write it as OSSA has it.' },
};
const marker = '<!-- pipewright:finding:0 -->';

test('a thread says what is wrong, what is right, what explains it and what is next', () => {
  expect(
    renderFindingThread(finding, { marker, stands: 'on its line', more: 0 }).text,
  ).toBe(`**OSSA_ENUM**: \`pipewright validate\` counts this as an error.

\`\`\`text
agents/a.ossa.yaml:23:16 spec.completion.signals[2].signal
spec.completion.signals[2].signal is "escalated"
expected one of: continue, complete, blocked, escalate, checkpoint
did you mean "escalate"?
Write it as OSSA has it.
\`\`\`

\`pipewright explain OSSA_ENUM\` says what it means.

Next: mend it and push, and this thread is resolved. Resolved by hand it stays so, and the finding still counts.

${marker}`);
});

test('one on another line says so, what its message lacks is told, and the last counts the rest', () => {
  const { fix, suggestion, ...less } = finding;
  const other = { ...less, got: '7', deviation: 'it is read as a text (d-1)' };
  expect(
    renderFindingThread(other, { marker, stands: 'on another line', more: 5 }).text,
  ).toBe(`**OSSA_ENUM**: \`pipewright validate\` counts this as an error. It is at line 23, which the merge request does not change, and the nearest is this one.

\`\`\`text
agents/a.ossa.yaml:23:16 spec.completion.signals[2].signal
spec.completion.signals[2].signal is "escalated"
expected one of: continue, complete, blocked, escalate, checkpoint
got 7
stricter than the published schema: it is read as a text (d-1)
\`\`\`

\`pipewright explain OSSA_ENUM\` says what it means. 5 more findings count, and have no thread.

Next: mend it and push, and this thread is resolved. Resolved by hand it stays so, and the finding still counts.

${marker}`);
  expect(renderFindingThread(other, { marker, stands: 'on no line', more: 1 }).text).toMatch(
    /does not change\.\n[\s\S]*1 more finding counts, and has no thread\./,
  );
});

test('names and values are a stranger’s: whatever they are, the text acts on nothing', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(
      '```\n/close',
      '\n```\n@all',
      '<!-- pipewright:finding:',
      '::include{file=x}',
      '~~~\n',
      '\u202e',
    ),
  );
  const hostileLine = fc.array(hostile, { maxLength: 4 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(hostileLine, hostileLine, hostileLine, (file, path, message) => {
      const { text } = renderFindingThread(
        { ...finding, file, path, message, got: message, expected: file },
        { marker, stands: 'on its line', more: 0 },
      );
      expect(findUnsafe(text, [marker])).toEqual([]);
      expect(text.split('\n').at(-1)).toBe(marker);
      expect(text.length).toBeLessThan(6_000);
    }),
    { numRuns: 200 },
  );
});

test('what a finding is known by has no line and no words; equal ones are told apart by their order', () => {
  const [one, two] = markFindings([finding, { ...finding, line: 30 }]);
  expect(one).not.toBe(two);
  expect(markFindings([{ ...finding, line: 99, message: 'Other words.' }])).toEqual([one]);
  const others = [{ code: 'OSSA_TYPE' }, { file: 'b.ossa.yaml' }, { path: 'spec' }];
  expect(others.flatMap((other) => markFindings([{ ...finding, ...other }]))).not.toContain(one);
});

describe('changed manifests', () => {
  const diff = (newPath: string, more: Partial<FileDiff> = {}): FileDiff => ({
    ...{ oldPath: newPath, newPath, newFile: false, renamedFile: false, deletedFile: false, diff: '' },
    ...{ bMode: '100644', collapsed: undefined, tooLarge: undefined, ...more },
  });

  test('are those that are there afterwards, wherever they lie, but for links and what others wrote', () => {
    const diffs = [
      ...[diff('agents/a.ossa.yaml'), diff('deep/er/b.ossa.json'), diff('c.ossa.yml', { oldPath: 'd.yml' })],
      ...[diff('gone.ossa.yaml', { deletedFile: true }), diff('link.ossa.yaml', { bMode: '120000' })],
      ...[diff('node_modules/x/e.ossa.yaml'), diff('ossa.yaml'), diff('a.ossa.yaml.txt')],
    ];
    expect(changedManifests(diffs)).toEqual(['agents/a.ossa.yaml', 'deep/er/b.ossa.json', 'c.ossa.yml']);
  });
});

test('the nearest changed line is an added one, and none is nearer', () => {
  const rows = fc.array(fc.constantFrom('+', ' ', '-'), { maxLength: 30 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 40 }), (signs, line) => {
      const added: number[] = [];
      let next = 1;
      for (const sign of signs) {
        if (sign === '+') added.push(next);
        if (sign !== '-') next += 1;
      }
      const text = ['@@ -1,9 +1,9 @@', ...signs.map((sign) => `${sign}x`)].join('\n');
      const found = nearestLine({ oldPath: 'a', newPath: 'b', diff: text }, line);
      if (added.length === 0) expect(found).toBeUndefined();
      if (added.length === 0) return;
      const least = Math.min(...added.map((one) => Math.abs(one - line)));
      expect(added).toContain(found?.newLine);
      expect(Math.abs((found?.newLine ?? 0) - line)).toBe(least);
    }),
  );
  expect(nearestLine({ oldPath: 'a', newPath: 'a', diff: undefined }, 1)).toBeUndefined();
});
