import type { CommitAccess, CommitMode } from '../../components/decide/commit-place.ts';
import { errors } from '../../components/decide/errors.ts';
import { wasStartedByPerson } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import { connectionOfJob, readTokens } from '../../components/gitlab/ci-tokens.ts';
import { createGitLab } from '../../components/gitlab/client.ts';
import type { User } from '../../components/gitlab/endpoints/user.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { InputDeclarations, InputValues } from '../../components/kernel/input-types.ts';
import type { Connection } from './apply-connection.ts';

const forks = /([A-Za-z0-9_][A-Za-z0-9_./-]*( [A-Za-z0-9_][A-Za-z0-9_./-]*)*)?/;

export const commitInputs = {
  commits: {
    type: 'string',
    description:
      'How commits of agents happen: none; click: a person starts a manual job, which pushes to the project; fork: a fork gets them',
    options: ['none', 'click', 'fork'],
    default: 'none',
    security: true,
  },
  'bot-fork': {
    type: 'string',
    description:
      'Forks that get the commits with `commits: fork`, by full path, separated by spaces, one of each served project',
    pattern: forks,
    default: '',
    security: true,
  },
} as const satisfies InputDeclarations;

/** Whether the job makes commits alone: what a person starts in the pipeline of one merge request. */
export const onlyInput = {
  only: {
    type: 'string',
    description: 'What is done: all, or only commits, as the manual job does',
    options: ['all', 'commit'],
    default: 'all',
    security: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;

/** Holds the token of the account of the forks. */
export const forkVariable = 'PIPEWRIGHT_FORK_TOKEN';

/** Its value, so that it is taken out of all that is written. */
export const forkSecret = {
  'fork-token': {
    type: 'string',
    description: "Token of the forks' account, from a protected and masked variable; for `commits: fork`",
    secret: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;

type CommitInputs = InputValues<typeof commitInputs & typeof onlyInput>;

export interface CommitSettings {
  readonly commits: CommitMode;
  readonly onlyCommits?: { readonly clicked: User | undefined };
}

/**
 * Who lets commits happen here. That a person has started the job is GitLab's word, in a variable that nobody may give a
 * pipeline of the trusted project. @throws DECIDE_NO_CLICK
 */
export function readCommits(
  context: Context,
  inputs: CommitInputs & { readonly project: number },
  { gitlab, remote }: Pick<Connection, 'gitlab' | 'remote'>,
): CommitSettings {
  const { commits: mode, only } = inputs;
  const isOnly = only === 'commit';
  const access = { gitlab, token: remote.token };
  const shared = {
    ...{ mode, access, server: remote.server },
    forkAccess: forkAccessOf(context),
    forks: inputs['bot-fork'].split(' ').filter((path) => path !== ''),
  };
  if (isOnly && inputs.project === 0)
    throw errors.NO_CLICK({ reason: 'it is for no merge request, and nobody has looked at all of them' });
  if (!isOnly || mode !== 'click')
    return {
      commits: { ...shared, isClicked: false },
      ...(isOnly && { onlyCommits: { clicked: undefined } }),
    };
  if (!wasStartedByPerson(context.env)) throw errors.NO_CLICK({ reason: 'GitLab started it by itself' });
  const { user } = requireCi(context, 'user');
  const clicked = { id: user.id, username: user.login };
  return { commits: { ...shared, isClicked: true }, onlyCommits: { clicked } };
}

function forkAccessOf(context: Context): CommitAccess | undefined {
  if (readTokens(context.env, forkVariable).access === undefined) return undefined;
  const connection = connectionOfJob(context, forkVariable);
  return { gitlab: createGitLab(context, connection), token: connection.token.value };
}
