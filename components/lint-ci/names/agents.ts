/** The command line of an agent. Rows hold only what its own documentation says. */
export interface AgentCli {
  readonly name: string;
  /** The program, and the words that must follow it for an agent to run. */
  readonly program: string;
  readonly subcommands?: readonly string[];
  /** One of these must be among the words: the program's name means other things too. */
  readonly needs?: readonly string[];
  /** Packages that `npx` and the like start it by. */
  readonly packages?: readonly string[];
  /** Whether it reads files and runs commands by itself. */
  readonly tools: boolean;
  /** Flags after which it asks nobody before it acts. */
  readonly unasked: readonly RegExp[];
  /** Variables that do the same, with such values. */
  readonly unaskedVariables?: Readonly<Record<string, RegExp>>;
}

export const agentClis: readonly AgentCli[] = [
  {
    // code.claude.com/docs: "CLI reference" and "Permission modes".
    name: 'Claude Code',
    program: 'claude',
    packages: ['@anthropic-ai/claude-code'],
    tools: true,
    unasked: [/^--dangerously-skip-permissions$/, /^--permission-mode[= ]bypassPermissions$/],
  },
  {
    // developers.openai.com/codex/cli/reference: `--full-auto` asks nobody inside of its sandbox, the others leave that too.
    name: 'Codex CLI',
    program: 'codex',
    packages: ['@openai/codex'],
    tools: true,
    unasked: [
      /^--(?:dangerously-bypass-approvals-and-sandbox|yolo|full-auto)$/,
      /^(?:--sandbox|-s)[= ]danger-full-access$/,
      /^(?:--config|-c)[= ]sandbox_mode="?danger-full-access"?$/,
    ],
  },
  {
    // github.com/google-gemini/gemini-cli, docs/cli: `--yolo` is the older form of `--approval-mode=yolo`.
    name: 'Gemini CLI',
    program: 'gemini',
    packages: ['@google/gemini-cli'],
    tools: true,
    unasked: [/^(?:--yolo|-y)$/, /^--approval-mode[= ]yolo$/],
  },
  {
    // github.com/QwenLM/qwen-code, docs on approval modes.
    name: 'Qwen Code',
    program: 'qwen',
    packages: ['@qwen-code/qwen-code'],
    tools: true,
    unasked: [/^(?:--yolo|-y)$/, /^--approval-mode[= ]yolo$/],
  },
  {
    // aider.chat/docs/config/options.html
    name: 'Aider',
    program: 'aider',
    packages: ['aider-chat'],
    tools: true,
    unasked: [/^--yes(?:-always)?$/],
    unaskedVariables: { AIDER_YES_ALWAYS: /^(?:true|1)$/i },
  },
  {
    // opencode.ai/docs/permissions: a JSON text in the manner of its configuration.
    name: 'OpenCode',
    program: 'opencode',
    subcommands: ['run'],
    packages: ['opencode-ai'],
    tools: true,
    unasked: [],
    unaskedVariables: { OPENCODE_PERMISSION: /^"allow"$|"(?:\*|bash)"\s*:\s*"allow"/ },
  },
  {
    // cursor.com/docs/cli/headless: without `--force` changes are proposed only.
    name: 'Cursor CLI',
    program: 'cursor-agent',
    tools: true,
    unasked: [/^(?:--force|-f|--yolo)$/],
  },
  {
    // docs.github.com, "GitHub Copilot CLI programmatic reference". AWS has a program of this name, which takes none of these.
    name: 'GitHub Copilot CLI',
    program: 'copilot',
    needs: ['-p', '--prompt', '--allow-all-tools', '--allow-all', '--yolo', '--allow-tool'],
    packages: ['@github/copilot'],
    tools: true,
    unasked: [/^--(?:allow-all-tools|allow-all|yolo)$/],
  },
  {
    // block.github.io/goose, "Goose permissions": the mode auto asks nobody.
    name: 'Goose',
    program: 'goose',
    subcommands: ['run', 'session'],
    tools: true,
    unasked: [],
    unaskedVariables: { GOOSE_MODE: /^auto$/ },
  },
  {
    // ampcode.com/manual, "Permissions".
    name: 'Amp',
    program: 'amp',
    packages: ['@sourcegraph/amp'],
    tools: true,
    unasked: [/^--dangerously-allow-all$/],
  },
  {
    // docs.aws.amazon.com/amazonq, "Amazon Q CLI command reference".
    name: 'Amazon Q CLI',
    program: 'q',
    subcommands: ['chat'],
    tools: true,
    unasked: [/^--trust-all-tools$/],
  },
  {
    // docs.gitlab.com/user/gitlab_duo_cli
    name: 'GitLab Duo CLI',
    program: 'duo',
    subcommands: ['run'],
    tools: true,
    unasked: [],
  },
  // llm.datasette.io and docs.ollama.com/cli: they answer, and act on nothing.
  { name: 'llm', program: 'llm', tools: false, unasked: [] },
  { name: 'Ollama', program: 'ollama', subcommands: ['run'], tools: false, unasked: [] },
  // Ours: what its agents want done becomes proposals, so there is nothing to ask about.
  { name: 'Pipewright', program: 'pipewright', subcommands: ['run'], tools: true, unasked: [] },
];

/** First words after a program that set it up or ask about it, and start no agent. */
export const setupWords: ReadonlySet<string> = new Set([
  ...['--version', '-v', '-V', '--help', '-h', 'help', 'version', 'login', 'logout', 'auth', 'mcp', 'config'],
  ...[
    'install',
    'update',
    'upgrade',
    'doctor',
    'models',
    'keys',
    'plugins',
    'plugin',
    'extensions',
    'completion',
  ],
  ...['setup-token', 'logs', 'templates', 'aliases', 'collections', 'embed', 'configure', 'init', 'plugins'],
]);
