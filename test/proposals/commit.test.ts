import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../components/kernel/redact.ts';
import type { CommitProposal } from '../../components/proposals/bundle.gen.ts';
import { planChoices } from '../../components/proposals/choices.ts';
import { whyNotOnto } from '../../components/proposals/commit-files.ts';
import { createDesk } from '../../components/proposals/desk.ts';
import { readExtension } from '../../components/proposals/extension.ts';
import { planEffects } from '../../components/proposals/plan.ts';
import { choices, commit, noLines, plan, wide } from './commits.ts';

describe('what a commit may hold', () => {
  const file = (content: string | null, path = 'src/x.js') => commit([{ path, content }]);

  test.each<[string, CommitProposal, RegExp]>([
    ['a NUL', file('a\0b'), /it is no text/],
    ['what turns text around', file('if (a) { \u202e'), /characters that are not seen: U\+202E/],
    ['what nobody sees', file('a\u200bb'), /U\+200B/],
    ['half a character', file('\ud800'), /half a character/],
    ['a token', file(`const t = 'glpat-${'a1B2c3D4e5F6g7H8i9J0'}';`), /like a secret/],
    ['what was taken out', file("const t = '[redacted]';"), /like a secret/],
    [
      'two that are one',
      commit([
        { path: 'src/x.js', content: 'a' },
        { path: 'src/X.js', content: 'b' },
      ]),
      /each other's way/,
    ],
    [
      'a file and its folder',
      commit([
        { path: 'src/x', content: null },
        { path: 'src/x/y', content: 'b' },
      ]),
      /each other's way/,
    ],
    [
      'no words that are left',
      commit([{ path: 'src/x.js', content: 'a' }], { title: '\u202e' }),
      /nothing of its title/,
    ],
  ])('not %s', (_, proposal, reason) => {
    expect(plan(proposal)).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('a text with line ends of Windows, an empty one, one that goes', () => {
    for (const content of ['a\r\nb\r\n', '', null]) expect(plan(file(content))).toMatchObject({ ok: true });
  });

  test('not more files or bytes than the manifest says, nor a second commit, nor one without its word', () => {
    const three = ['a', 'b', 'c'].map((name) => ({ path: `src/${name}.js`, content: 'x' }));
    expect(plan(commit(three), wide)).toMatchObject({ reason: 'it changes 3 files, at most 2 are allowed' });
    expect(plan(file('ä'.repeat(11)), wide)).toMatchObject({ reason: /22 bytes, at most 20/ });
    expect(plan(file('x'), {})).toMatchObject({ reason: /allows no commits/ });
    const twice = planEffects(choices, [file('x'), file('y')], noLines);
    expect(twice.map(({ ok }) => ok)).toEqual([true, false]);
  });

  test('its title says no word that skips or closes anything', () => {
    const planned = plan(
      commit([{ path: 'src/x.js', content: 'a' }], { title: '[skip ci] Closes #1 @all\n\nX: y' }),
    );
    if (!planned?.ok || planned.effect.kind !== 'commit') throw new Error('not planned');
    expect(planned.effect.title).toBe('(skip ci) Closes # 1 @ all X: y');
  });
});

describe('on the commit that it is made for', () => {
  const base = new Map([
    ['src/price.js', '100644'],
    ['src/run', '100755'],
    ['src/link', '120000'],
    ['src/module', '160000'],
    ['Docs/a.md', '100644'],
  ]);
  const onto = (path: string, content: string | null = 'x') => whyNotOnto(base, [{ path, content }]);

  test.each(['src/price.js', 'src/run', 'src/new.js', 'new/deep/x.js', 'Docs/b.md'])(
    '%s may be written',
    (path) => expect(onto(path)).toBeUndefined(),
  );

  test.each<[string, string | null, RegExp]>([
    ['src/link', 'x', /is a link or a submodule/],
    ['src/link', null, /is a link or a submodule/],
    ['src/module', 'x', /is a link or a submodule/],
    ['src/link/x.js', 'x', /src\/link is no folder/],
    ['src/module/.x', 'x', /src\/module is no folder/],
    ['src/price.js/x', 'x', /src\/price.js is no folder/],
    ['src/Price.js', 'x', /is there as src\/price.js/],
    ['docs/b.md', 'x', /docs is there as Docs/],
    ['SRC/LINK/x', 'x', /SRC is there as src/],
    ['src', 'x', /src is a folder/],
    ['src/gone.js', null, /is not there to be deleted/],
    ['src', null, /is not there to be deleted/],
  ])('%s with %j may not', (path, content, reason) => expect(onto(path, content)).toMatch(reason));
});

describe('at the desk', () => {
  const redact = createRedactor(['correct-horse']);
  const desk = createDesk(choices, { files: new Map([['src/price.js', '100644']]), redact });
  const input = { title: 't', body: 'b', files: [{ path: 'src/price.js', content: 'x' }] };

  test('whole files are taken, and files that go', () => {
    expect(desk.tools[0]?.description).toContain('src/** docs/*.md');
    expect(desk.take('propose_commit', input, [])).toMatchObject({ ok: true, proposal: { kind: 'commit' } });
    const gone = { ...input, files: [{ path: 'src/price.js', delete: true }] };
    expect(desk.take('propose_commit', gone, [])).toMatchObject({
      proposal: { files: [{ path: 'src/price.js', content: null }] },
    });
  });

  test.each([
    [{ ...input, files: [] }, /files must be a list of files/],
    [{ ...input, files: 'x' }, /files must be a list of files/],
    [{ ...input, branch: 'main' }, /there is no argument "branch"/],
    [
      { ...input, files: [{ path: 'src/x', content: 'x', mode: '120000' }] },
      /file 1: there is no argument "mode"/,
    ],
    [
      { ...input, files: [{ path: 'src/x' }, null] },
      /file 1: content must be a text; file 2: the arguments are no/,
    ],
    [{ ...input, files: [{ path: 'src/x', content: 'x', delete: true }] }, /it has content and is deleted/],
    [{ ...input, files: [{ path: '.gitlab-ci.yml', content: 'x' }] }, /no agent changes such a file/],
    [{ ...input, files: [{ path: 'src/gone.js', delete: true }] }, /is not there to be deleted/],
    [{ ...input, body: 'correct-horse' }, /something like a secret/],
  ])('%j is not taken', (given, said) => {
    const answer = desk.take('propose_commit', given, []);
    expect([answer.ok, answer.said]).toEqual([false, expect.stringMatching(said)]);
  });
});

describe('the manifest', () => {
  const read = (value: unknown) =>
    readExtension({ extensions: { pipewright: { proposals: { commit: value } } } });

  test('says paths, and what it leaves out is small', () => {
    expect(planChoices(read({ paths: ['src/**'] }).extension, 'x').commit).toEqual({
      ...{ paths: ['src/**'], maxFiles: 10, maxBytes: 200_000, into: 'source' },
    });
  });

  test.each([
    ...[
      {},
      { paths: [] },
      { paths: ['!src/**'] },
      { paths: ['/src'] },
      { paths: ['../x'] },
      { paths: ['a/../b'] },
    ],
    ...[{ paths: ['!(x)'] }, { paths: ['src/**'], 'max-files': 51 }, { paths: ['src/**'], into: 'main' }],
  ])('%j is a mistake', (value) => expect(read(value).issues).not.toEqual([]));
});
