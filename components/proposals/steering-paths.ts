import picomatch from 'picomatch';

/** Files that run code or steer agents by being there: a change of one is looked at as such, and not clicked through. */
const patterns = [
  ...[
    '**/.gitlab-ci.y{a,}ml',
    '**/*.gitlab-ci.y{a,}ml',
    '.gitlab/**',
    '.github/**',
    'templates/**/template.yml',
  ],
  ...['**/.git*', '**/.husky/**', '**/.pre-commit-config.y{a,}ml', '**/lefthook*.y{a,}ml'],
  ...[
    '**/*.lock',
    '**/*-lock.json',
    '**/*-lock.y{a,}ml',
    '**/*.lockb',
    '**/npm-shrinkwrap.json',
    '**/go.sum',
  ],
  ...['**/.npmrc', '**/.yarnrc*', '**/pip.conf', '**/.pypirc'],
  ...[
    '**/AGENTS.md',
    '**/CLAUDE.md',
    '**/GEMINI.md',
    '**/.mcp.json',
    '**/.cursor/**',
    '**/.claude/**',
    '**/.aider*',
  ],
  ...['**/*.ossa.{yaml,yml,json}', 'agents/**', 'policies/**', '**/*.policy.y{a,}ml', '**/CODEOWNERS'],
];

const isMatch = picomatch(patterns, { dot: true, nocase: true });

/** Whether a path is one that nothing of an agent's may be taken over into by a click. */
export function isSteering(path: string): boolean {
  return isMatch(path);
}
