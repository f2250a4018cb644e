import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Proposal } from '../../components/proposals/bundle.gen.ts';
import { changedLines, parseDiff } from '../../components/proposals/changed-lines.ts';
import type { Choices } from '../../components/proposals/choices.ts';
import { createDesk } from '../../components/proposals/desk.ts';
import { planEffects } from '../../components/proposals/plan.ts';
import { isSteering } from '../../components/proposals/steering-paths.ts';
import { commitAll, git, workspace, writeFiles } from '../support/workspace.ts';

const choices: Choices = {
  thread: { topics: ['risk', 'style'], max: 3 },
  suggestion: { topics: ['style'], max: 2 },
};
const diff =
  '@@ -1,3 +1,4 @@\n one\n-two\n+2\n+2.5\n three\n@@ -20 +21 @@ head\n-x\n+@@ y\n\\ No newline at end of file\n';
const files = [
  { oldPath: 'src/a.ts', newPath: 'src/a.ts', diff },
  { oldPath: 'b.ts', newPath: 'src/b.ts', diff: '@@ -0,0 +1 @@\n+b\n' },
  { oldPath: 'big.ts', newPath: 'big.ts', diff: undefined },
  { oldPath: '.gitlab-ci.yml', newPath: '.gitlab-ci.yml', diff: '@@ -1 +1 @@\n-a\n+b\n' },
];
const lines = changedLines(files);
const thread = (file: string, line: number, topic = 0): Proposal => ({
  kind: 'thread',
  topic,
  file,
  line,
  body: 'Look.',
});
const suggestion = (replacement: string, file = 'src/a.ts'): Proposal => ({
  ...{ kind: 'suggestion', topic: 0, file, line: 2, body: 'Better.', replacement },
});

describe('lines', () => {
  test('are those of the new file that the diff adds, and no others', () => {
    const found = Array.from({ length: 30 }, (_, line) => line).filter((line) => lines('src/a.ts', line).ok);
    expect(found).toEqual([2, 3, 21]);
    expect(lines('src/b.ts', 1)).toEqual({
      ok: true,
      line: { oldPath: 'b.ts', newPath: 'src/b.ts', newLine: 1, text: 'b' },
    });
  });

  test.each([
    ['b.ts', 1, 'its file is none that the merge request changes'],
    ['src/A.ts', 2, 'its file is none'],
    ['../src/a.ts', 2, 'its file is none'],
    ['src/a.ts', 1, 'line 1 of src/a.ts is none that the merge request adds'],
    ['big.ts', 1, 'the diff of big.ts is too long'],
  ])('%s:%i is none', (file, line, why) => {
    expect(lines(file, line)).toEqual({ ok: false, why: expect.stringContaining(why) });
  });

  test('as git tells them are those that GitLab tells', () => {
    const cwd = workspace({ 'a b.txt': '1\n2\n3\n', 'gone.txt': 'x\n', 'ö.txt': 'x\n' });
    const base = commitAll(cwd);
    git(cwd, 'mv', 'gone.txt', 'moved.txt');
    writeFiles(cwd, { 'a b.txt': '1\n2\nnew\n3\n', 'moved.txt': 'x\ny\n', 'added.txt': '+++ b/evil.txt\n' });
    git(cwd, 'add', '--all');
    git(cwd, 'commit', '--quiet', '--message', 'change');
    const text = git(cwd, 'diff-tree', '-r', '-p', '-M10', base, 'HEAD');
    const found = changedLines(parseDiff(`${text}\n`));
    expect([found('a b.txt', 3).ok, found('a b.txt', 4).ok, found('added.txt', 1).ok]).toEqual([
      true,
      false,
      true,
    ]);
    expect(found('moved.txt', 2)).toMatchObject({ ok: true, line: { oldPath: 'gone.txt' } });
    expect(found('evil.txt', 1).ok).toBe(false);
  });
});

describe('what stands on lines', () => {
  test('has a place of the diff and a key that outlives a change of lines', () => {
    const proposals = [
      thread('src/a.ts', 2),
      thread('src/a.ts', 21),
      thread('src/b.ts', 1, 1),
      suggestion('two;'),
    ];
    const planned = planEffects(choices, proposals, lines);
    expect(planned).toMatchObject([
      {
        effect: {
          kind: 'thread',
          topic: 'risk',
          place: { newLine: 2 },
          key: '["risk","src/a.ts","2",1]',
          body: 'Look.',
        },
      },
      { effect: { place: { newLine: 21 }, key: '["risk","src/a.ts","@@ y",1]' } },
      { effect: { place: { oldPath: 'b.ts', newPath: 'src/b.ts' }, key: '["style","src/b.ts","b",1]' } },
      { effect: { kind: 'suggestion', replacement: 'two;', key: '["style","src/a.ts","2",1]' } },
    ]);
  });

  test.each<[Proposal[], string]>([
    [[thread('src/a.ts', 2, 2)], 'topic is none'],
    [[thread('src/a.ts', 2), thread('src/a.ts', 2)], 'has one on that line already'],
    [
      [2, 3, 21].map((line) => thread('src/a.ts', line)).concat(thread('src/b.ts', 1)),
      '3 of them are proposed already',
    ],
    [[thread('src/a.ts', 5)], 'none that the merge request adds'],
    [[suggestion('x\n```\n/merge')], 'end a block of code'],
    [[suggestion('a\u202eb')], 'characters that are not seen: U+202E'],
    [[suggestion('x\n'.repeat(40))], '40 lines, at most 30'],
    [[suggestion('x', '.gitlab-ci.yml')], 'steers CI or agents'],
  ])('%j is refused', (proposals, why) => {
    expect(planEffects(choices, proposals, lines).at(-1)).toEqual({
      ok: false,
      reason: expect.stringContaining(why),
    });
  });

  test('whatever a proposal says, its place is one of the diff, on an added line', () => {
    const any: fc.Arbitrary<Proposal> = fc.record({
      ...{ kind: fc.constant('thread' as const), topic: fc.integer({ min: 0, max: 3 }), body: fc.string() },
      file: fc.oneof(fc.string(), fc.constantFrom(...files.flatMap((file) => [file.newPath, file.oldPath]))),
      line: fc.integer({ min: 1, max: 30 }),
    });
    const places = new Set(['src/a.ts:2', 'src/a.ts:3', 'src/a.ts:21', 'src/b.ts:1', '.gitlab-ci.yml:1']);
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (proposals) => {
        for (const plan of planEffects(choices, proposals, lines))
          if (plan.ok && 'place' in plan.effect)
            expect(places).toContain(`${plan.effect.place.newPath}:${plan.effect.place.newLine}`);
      }),
      { numRuns: 200 },
    );
  });

  test('files that run code or steer agents take no suggestions, in whichever case', () => {
    const steering = [
      '.gitlab-ci.yml',
      'sub/.GITLAB-CI.yaml',
      '.gitlab/CODEOWNERS',
      'package-lock.json',
      'x/yarn.lock',
    ];
    const agents = [
      'AGENTS.md',
      'docs/claude.md',
      '.mcp.json',
      'agents/x/prompt.md',
      'a/b.ossa.yaml',
      '.husky/pre-commit',
    ];
    expect([...steering, ...agents].filter((path) => !isSteering(path))).toEqual([]);
    expect(['src/a.ts', 'README.md', 'src/lock.ts', 'docs/agents-guide.md'].filter(isSteering)).toEqual([]);
  });
});

test('a model is told at once what has no line', () => {
  const desk = createDesk(choices, { lines });
  expect(desk.tools.map(({ name }) => name)).toEqual(['propose_suggestion', 'propose_thread']);
  const input = { file: 'src/a.ts', line: 2, body: 'Look.' };
  expect(desk.take('propose_thread', input, [])).toMatchObject({ ok: true, proposal: { topic: 0, line: 2 } });
  expect(desk.take('propose_thread', { ...input, line: 1 }, []).said).toMatch(
    /Not taken: line 1 of src\/a.ts/,
  );
  expect(desk.take('propose_thread', { ...input, line: 0 }, []).said).toMatch(
    /line must be a whole number from 1/,
  );
  expect(desk.take('propose_suggestion', { ...input, replacement: '' }, [])).toMatchObject({ ok: true });
  expect(desk.take('propose_suggestion', input, []).said).toMatch(/replacement must be a text/);
});
