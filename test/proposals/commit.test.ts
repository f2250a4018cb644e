import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../components/kernel/redact.ts';
import type { CommitProposal } from '../../components/proposals/bundle.gen.ts';
import { changedLines } from '../../components/proposals/changed-lines.ts';
import { planChoices } from '../../components/proposals/choices.ts';
import { whyNotOnto } from '../../components/proposals/commit-files.ts';
import { pathMatcher, whyNoPath, whyNotChanged } from '../../components/proposals/commit-paths.ts';
import { createDesk } from '../../components/proposals/desk.ts';
import { readExtension } from '../../components/proposals/extension.ts';
import { planEffects } from '../../components/proposals/plan.ts';
import { isForbidden, isSteering } from '../../components/proposals/steering-paths.ts';

/** As wide as a manifest can say it. */
const all = ['**', '**/.*', '**/.*/**'];
const choices = planChoices({ proposals: { commit: { paths: ['src/**', 'docs/*.md'] } } }, 'writer');
const wide = planChoices(
  { proposals: { commit: { paths: all, 'max-files': 2, 'max-bytes': 20 } } },
  'writer',
);
const noLines = changedLines([]);

const commit = (files: CommitProposal['files'], words: Partial<CommitProposal> = {}): CommitProposal => ({
  ...{ kind: 'commit', title: 'Round once', body: 'Twice is wrong.', files },
  ...words,
});
const plan = (proposal: CommitProposal, lists = choices) => planEffects(lists, [proposal], noLines)[0];

/** Names that are no path, or another one on some file system. */
const noPaths = [
  ...[
    '',
    '/',
    '/etc/passwd',
    '//x',
    'src//x',
    'src/',
    '.',
    '..',
    './x',
    'src/.',
    '../x',
    'src/../../x',
    'src/..',
  ],
  ...[
    'src\\..\\x',
    '\\\\host\\x',
    'C:\\x',
    'C:/x',
    'src/a:b',
    'src/x::$INDEX_ALLOCATION',
    '.git::$DATA/hooks',
  ],
  ...[
    'git~1/hooks/x',
    'GITLAB~1.YML',
    'src/a~',
    'src/x\0.js',
    'src/x\n.js',
    'src/x\t',
    'src/x\r',
    'src/\u001b[0m',
  ],
  ...[
    'src/x\u200b.js',
    'src/\u202egpj.js',
    'src/\ufeffx',
    '\u2066src/x',
    '.g\u200cit/hooks/x',
    '.git\u200d/config',
  ],
  ...['.\uff47it/config', '\uff0egit/config', '.gitlab\u2010ci.yml', '.g\u0131t/config', '.G\u0130T/config'],
  ...[
    '.gitlab-c\u0456.yml',
    'src\u2215x',
    'src\uff0fx',
    'src/e\u0301.js',
    'src/\u00e9.js',
    '\u212aonfig',
    'src/\u{1f600}',
  ],
  ...[
    '.git./config',
    '.git /config',
    '.git. ./config',
    'src/x.',
    'src/x ',
    'src /x',
    ' src/x',
    '-rf',
    'src/-x',
    '--x',
  ],
  ...['src/CON', 'src/con.js', 'aux', 'src/NUL.txt', 'src/com1', 'lpt9.md', 'src/prn/x'],
  ...[
    'src/$(id)',
    'src/`id`',
    'src/x;y',
    'src/x|y',
    'src/x&y',
    'src/*',
    'src/?',
    'src/<x>',
    'src/"x"',
    "src/'x'",
  ],
  ...[
    'src/{a,b}',
    'src/!x',
    'src/#x',
    'src/%2e%2e/x',
    'src/^x',
    `src/${'x'.repeat(300)}`,
    `${'a/'.repeat(30)}x`,
  ],
];

/** Names that are plain, and what they steer. */
const steered = [
  ...[
    '.gitlab-ci.yml',
    '.GITLAB-CI.YML',
    '.gitlab-ci.yaml',
    'sub/.gitlab-ci.yml',
    'x.gitlab-ci.yml',
    'ci/build.yml',
  ],
  ...[
    '.gitlab/ci/x.yml',
    '.gitlab/CODEOWNERS',
    'CODEOWNERS',
    'docs/CODEOWNERS',
    '.gitmodules',
    '.gitattributes',
  ],
  ...[
    'src/.gitattributes',
    '.gitignore',
    '.git/config',
    '.git/hooks/pre-commit',
    'src/.GIT/config',
    '.github/x.yml',
  ],
  ...[
    '.husky/pre-commit',
    '.pre-commit-config.yaml',
    'lefthook.yml',
    '.githooks/x',
    '.circleci/config.yml',
    'Jenkinsfile',
  ],
  ...[
    'yarn.lock',
    'package-lock.json',
    'pnpm-lock.yaml',
    'Cargo.lock',
    'src/go.sum',
    'poetry.lock',
    'bun.lockb',
  ],
  ...[
    'npm-shrinkwrap.json',
    'Gemfile.lock',
    'Package.resolved',
    '.npmrc',
    '.yarnrc.yml',
    '.pypirc',
    '.netrc',
  ],
  ...[
    'AGENTS.md',
    'src/CLAUDE.md',
    'claude.local.md',
    'GEMINI.md',
    '.mcp.json',
    '.cursor/rules/x.md',
    '.cursorrules',
  ],
  ...[
    '.claude/settings.json',
    'src/.claude/x',
    '.aider.conf.yml',
    'skills/x/SKILL.md',
    '.windsurf/x',
    '.codex/x.toml',
  ],
  ...['agents/x.ossa.yaml', 'src/x.ossa.yml', 'agents/prompt.md', 'policies/x.md', 'src/x.policy.yaml'],
  ...['templates/run/template.yml', 'templates/a/b/template.yml'],
];

const started = [
  ...[
    'package.json',
    'src/package.json',
    'composer.json',
    'Gemfile',
    'setup.py',
    'pyproject.toml',
    'requirements.txt',
  ],
  ...['conftest.py', 'src/conftest.py', 'tox.ini', 'Cargo.toml', 'build.rs', '.cargo/config.toml', 'go.mod'],
  ...[
    'build.gradle',
    'build.gradle.kts',
    'gradlew',
    'gradle/wrapper/gradle-wrapper.properties',
    'pom.xml',
    '.mvn/x',
  ],
  ...[
    'Makefile',
    'makefile',
    'GNUmakefile',
    'x.mk',
    'CMakeLists.txt',
    'justfile',
    'Taskfile.yml',
    'BUILD.bazel',
  ],
  ...[
    'Dockerfile',
    'Dockerfile.dev',
    'web.Dockerfile',
    'Containerfile',
    'docker-compose.yml',
    '.devcontainer/x.json',
  ],
  ...[
    '.vscode/tasks.json',
    '.idea/x.xml',
    '.envrc',
    '.env',
    '.env.local',
    '.tool-versions',
    '.bashrc',
    '.eslintrc.js',
  ],
  ...[
    'vitest.config.ts',
    'src/webpack.config.cjs',
    'main.tf',
    'Chart.yaml',
    'node_modules/x/y.js',
    'bin/deploy',
  ],
];

test('hostile names are more than a hundred', () =>
  expect(new Set([...noPaths, ...steered, ...started]).size).toBeGreaterThan(150));

test.each(noPaths)('no path: %j', (path) => {
  expect(whyNoPath(path)).toBeDefined();
  expect(plan(commit([{ path, content: 'x' }]), wide)).toMatchObject({ ok: false });
});

test.each([...steered, ...started])('never an agent’s, whatever the manifest allows: %s', (path) => {
  expect(whyNoPath(path)).toBeUndefined();
  expect(plan(commit([{ path, content: 'x' }]), wide)).toMatchObject({
    reason: expect.stringMatching(/no agent changes such a file/),
  });
});

test('a suggestion may be taken over where a person sees the one line of a build, and not where it steers', () => {
  expect(steered.filter((path) => !isSteering(path))).toEqual([]);
  expect(started.filter(isSteering)).toEqual([]);
});

test.each([
  'src/price.js',
  'src/a b.ts',
  'src/[slug].tsx',
  'src/(group)/@modal/x.ts',
  'docs/a.md',
  'src/hooks/use.ts',
])('an agent may change %s', (path) =>
  expect(plan(commit([{ path, content: 'x\n' }]))).toMatchObject({ ok: true }),
);

test.each(['README.md', 'docs/sub/a.md', 'docs/.hidden.md', 'src/.x/y.js', 'srcs/x.js', 'Src/x.js'])(
  'none of the paths of the manifest: %s',
  (path) => expect(plan(commit([{ path, content: 'x' }]))).toMatchObject({ reason: /none of the paths/ }),
);

describe('whatever the name is', () => {
  const part = fc.oneof(
    fc.constantFrom('.git', '.GIT', '..', '.', '', '.gitlab-ci.yml', 'src', 'x.js', 'CODEOWNERS', '.claude'),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.string({ maxLength: 8 }),
  );
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));

  test('what is let through is relative, plain, in normal form and steers nothing', () => {
    const isAllowed = pathMatcher(all);
    fc.assert(
      fc.property(path, (name) => {
        if (whyNotChanged(name, isAllowed) !== undefined) return;
        expect(name).toMatch(/^[\x21-\x7e][\x20-\x7e]*$/);
        const steps = name.split('/');
        expect(steps.filter((step) => /^(\.{0,2}|\.git.*|-.*|.*[. ])$/i.test(step))).toEqual([]);
        expect(name.normalize('NFKC')).toBe(name);
        expect(isForbidden(name.toUpperCase())).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });
});

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
