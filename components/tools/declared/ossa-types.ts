/** What becomes of a tool of each of OSSA's types (`spec.tools[].type`, all versions); the rest is told as left out. */
export const ossaTypes = {
  function: 'a tool of ours by its name, or a script that `extensions.pipewright.tools.functions` declares',
  http: '`http-get`, for the addresses of `extensions.pipewright.tools.http`',
  api: '`http-get`, as http: an API is only read',
  mcp: 'the pinned tools of a server that `extensions.pipewright.tools.mcp` declares, a program or an address, by `server` or `name`',
} as const;

/** Why the other types are nothing that an agent is given. */
export const leftOut: Readonly<Record<string, string>> = {
  'git-commit': 'what is written is a proposal',
  comment: 'what is written is a proposal: allow notes or threads in `extensions.pipewright.proposals`',
  webhook: 'agents send nothing out',
  pipeline: 'a pipeline is started by its own rules, never by an agent',
  workflow: 'agents start no workflows',
  schedule: 'a schedule of GitLab starts jobs, not agents',
  'ci-status': '`list-pipeline-jobs` and `read-job-log` tell it; name them as functions',
  artifact: 'artifacts are what jobs hand on, not agents',
  library: 'no code is loaded into this process; a script of the repository is a function',
  kubernetes: 'agents reach no cluster',
  grpc: 'only HTTP GET leads out',
  a2a: 'agents do not call agents yet',
  browser: 'no browser is driven; `http-get` reads pages',
  custom: 'nothing says what it is',
};
