import picomatch from 'picomatch';

/** Files that run code or steer agents by being there: a change of one is looked at as such, and not clicked through. */
const patterns = [
  ...['**/*gitlab-ci*.y{a,}ml', '**/.git*', '**/.git*/**', 'templates/**/template.yml'],
  ...['{ci,.ci,.circleci,.buildkite}/**', '**/Jenkinsfile*', '**/azure-pipelines*.y{a,}ml', '**/.travis.yml'],
  ...['**/.husky/**', '**/.pre-commit-*', '**/lefthook*.y{a,}ml', '**/.lefthook*', '**/{.,}githooks/**'],
  ...[
    '**/*.lock',
    '**/*-lock.json',
    '**/*-lock.y{a,}ml',
    '**/*.lockb',
    '**/*.lockfile',
    '**/Package.resolved',
    '**/packages.lock.json',
    '**/npm-shrinkwrap.json',
    '**/go.{sum,work.sum}',
  ],
  ...['**/.npmrc', '**/.yarnrc*', '**/.pnpmfile*', '**/pip.conf', '**/.pypirc', '**/.netrc'],
  ...[
    '**/AGENTS{,.*}.md',
    '**/CLAUDE{,.*}.md',
    '**/GEMINI{,.*}.md',
    '**/.mcp.json',
    '**/mcp.json',
    '**/.{cursor,claude,gemini,codex,windsurf,clinerules,continue,roo,kiro,junie,amazonq,duo}/**',
    '**/.{cursorrules,windsurfrules,clinerules,roorules,goosehints,roomodes}*',
    '**/.aider*',
    '**/SKILL.md',
    '**/*.prompt.md',
    '**/copilot-instructions.md',
  ],
  ...['**/*.ossa.{yaml,yml,json}', 'agents/**', 'policies/**', '**/*.policy.y{a,}ml', '**/CODEOWNERS'],
];

/**
 * Files that tools start programs by when they install, build, test or merely open a folder. A person may take a suggestion in
 * them over, one line that is seen; a whole file of them is never an agent's.
 */
const starting = [
  ...['**/package.json', '**/pnpm-workspace.y{a,}ml', '**/.yarn/**', '**/bunfig.toml', '**/deno.json*'],
  ...['**/composer.json', '**/Gemfile*', '**/*.gemspec', '**/Rakefile', '**/.bundle/**'],
  ...['**/setup.{py,cfg}', '**/pyproject.toml', '**/*requirements*.txt', '**/Pipfile', '**/tox.ini'],
  ...['**/noxfile.py', '**/conftest.py', '**/{site,user}customize.py', '**/*.pth'],
  ...['**/Cargo.toml', '**/build.rs', '**/.cargo/**', '**/rust-toolchain*', '**/go.{mod,work}'],
  ...[
    '**/*.gradle*',
    '**/gradlew*',
    '**/gradle.properties',
    '**/gradle/**',
    '**/pom.xml',
    '**/mvnw*',
    '**/.mvn/**',
    '**/*.sbt',
  ],
  ...['**/*.{cs,fs,vb,vcx}proj', '**/*.{props,targets}', '**/nuget.config', '**/Package.swift'],
  ...[
    '**/{GNU,}makefile{,.*}',
    '**/*.mk',
    '**/CMakeLists.txt',
    '**/*.cmake',
    '**/configure{,.ac}',
    '**/justfile',
  ],
  ...['**/.justfile', '**/Taskfile*', '**/BUILD{.bazel,}', '**/WORKSPACE*', '**/MODULE.bazel', '**/*.bzl'],
  ...['**/.bazelrc', '**/Earthfile', '**/Vagrantfile', '**/Tiltfile', '**/Procfile*', '**/*.nix'],
  ...[
    '**/{docker,container}file{,.*,-*}',
    '**/*.{docker,container}file',
    '**/.dockerignore',
    '**/*compose*.y{a,}ml',
  ],
  ...['**/.devcontainer/**', '**/.devcontainer.json', '**/.vscode/**', '**/.idea/**', '**/.fleet/**'],
  ...['**/*.code-workspace', '**/.{env,envrc}*', '**/.tool-versions', '**/{,.}mise*.toml', '**/.nvmrc'],
  ...['**/.{bash,zsh,profile}*', '**/.{vim,nvim,exrc,lvimrc}*', '**/.editorconfig', '**/.direnv/**'],
  ...['**/*.config.{js,cjs,mjs,ts,cts,mts}', '**/.*rc', '**/.*rc.{js,cjs,mjs,ts,json,y{a,}ml}'],
  ...[
    '**/renovate.json*',
    '**/dependabot*',
    '**/*.tf',
    '**/*.tfvars',
    '**/Chart.yaml',
    '**/kustomization.y{a,}ml',
  ],
  ...['**/node_modules/**', '**/vendor/**', '**/{bin,.bin}/**'],
];

const options = { dot: true, nocase: true };
const isMatch = picomatch(patterns, options);
const isStart = picomatch(starting, options);

/** Whether a path is one that nothing of an agent's may be taken over into by a click. */
export function isSteering(path: string): boolean {
  return isMatch(path);
}

/** Whether a path is one that no commit of an agent's may touch, whatever its manifest says. */
export function isForbidden(path: string): boolean {
  return isMatch(path) || isStart(path);
}
