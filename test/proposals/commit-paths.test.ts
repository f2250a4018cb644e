import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathMatcher, whyNoPath, whyNotChanged } from '../../components/proposals/commit-paths.ts';
import { isForbidden, isSteering } from '../../components/proposals/steering-paths.ts';
import { all, commit, plan, wide } from './commits.ts';

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
