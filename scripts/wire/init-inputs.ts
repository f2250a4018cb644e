import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { projectPath } from '../../components/setup/inputs.ts';
import { connectionInputs, projectOrNumber } from './setup-connection.ts';
import { version } from './version.ts';

/** A path in a repository that can stand in YAML between quotes, and in a command. */
const path = /[A-Za-z0-9_.][A-Za-z0-9_./-]*/;

/** What the files say. Nothing in them may come from a variable that was left over from something else. */
export const projectInputs = {
  into: {
    type: 'string',
    description: 'Folder the files are written into',
    default: '.',
    security: true,
  },
  serves: {
    type: 'list',
    description: 'Projects by full path whose merge requests are decided about; with --check those looked at',
    default: [],
    spaced: true,
    security: true,
  },
  levels: {
    type: 'list',
    description:
      'Levels of policies from other projects, the widest first: name=group/project:bundle.json@tag#sha256:digest',
    default: [],
    spaced: true,
    security: true,
  },
  image: {
    type: 'string',
    description: 'Container image with pipewright, by digest',
    pattern: /[A-Za-z0-9][A-Za-z0-9._:/@-]*/,
    security: true,
  },
  catalog: {
    type: 'string',
    description: 'Full path of the project with the components, on the same instance',
    pattern: projectPath,
    default: 'pipewright/pipewright',
    security: true,
  },
  version: {
    type: 'string',
    description: 'Version of the components: one of their tags, or a commit',
    pattern: /[A-Za-z0-9_][A-Za-z0-9_./+-]*/,
    default: version,
    security: true,
  },
  agent: {
    type: 'string',
    description:
      'Manifest of an agent whose sessions run in the trusted project, in the target branch of what it serves',
    pattern: path,
    security: true,
  },
  cassette: {
    type: 'string',
    description: "File of recorded turns that answers in place of the agent's model",
    pattern: path,
    security: true,
  },
  playbook: {
    type: 'string',
    description:
      "File of known causes of failed jobs that answers in place of the agent's model; that of ci-doctor is written too",
    pattern: path,
    security: true,
  },
  commits: {
    type: 'string',
    description:
      'How commits of agents happen: none; click: a person starts a manual job; fork: a fork gets them',
    options: ['none', 'click', 'fork'],
    default: 'none',
    security: true,
  },
  'bot-fork': {
    type: 'list',
    description: 'Forks that get the commits with --commits=fork, by full path, one of each served project',
    default: [],
    spaced: true,
    security: true,
  },
  findings: {
    type: 'string',
    description: 'Whether what is wrong with changed manifests is said as threads on merge requests',
    options: ['none', 'threads'],
    default: 'none',
    security: true,
  },
} as const satisfies InputDeclarations;

/** What a set-up is checked with. */
export const checkInputs = {
  check: {
    type: 'boolean',
    description: 'Write nothing, and ask GitLab whether everything is set up',
    default: false,
    security: true,
  },
  ...connectionInputs,
  project: {
    type: 'string',
    description: 'The trusted project, by full path or number',
    pattern: projectOrNumber,
    security: true,
  },
  'setup-token': {
    type: 'string',
    description: 'Token of a maintainer (scope read_api) that --check asks with',
    secret: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;
