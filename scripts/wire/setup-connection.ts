import { createGitLab } from '../../components/gitlab/client.ts';
import type { GitLab } from '../../components/gitlab/types.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { Failure } from '../../components/kernel/failure.ts';
import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { errors } from '../../components/setup/errors.ts';
import { projectPath } from '../../components/setup/inputs.ts';

/** A project by full path or number. */
export const projectOrNumber = new RegExp(`[1-9][0-9]{0,14}|${projectPath.source}`);

/** What a set-up is asked about with: at a terminal or in a job, with a token that only reads. */
export const connectionInputs = {
  server: {
    type: 'string',
    description: 'Address of the GitLab instance, such as https://gitlab.example.com',
    pattern: /https?:\/\/[A-Za-z0-9.:[\]_/-]+/,
    security: true,
  },
  account: {
    type: 'string',
    description: 'Name of the service account that acts, whose token is PIPEWRIGHT_GITLAB_TOKEN',
    pattern: /[A-Za-z0-9_][A-Za-z0-9_.-]*/,
    security: true,
  },
  'fork-account': {
    type: 'string',
    description:
      'Name of the account of the forks, whose token is PIPEWRIGHT_FORK_TOKEN; for `commits: fork`',
    pattern: /[A-Za-z0-9_][A-Za-z0-9_.-]*/,
    security: true,
  },
} as const satisfies InputDeclarations;

export interface Connection {
  readonly server: string | undefined;
  readonly project: string | undefined;
  readonly token: string | undefined;
}

/** What is missing of them, in one failure. */
export function missingOf(
  doing: string,
  { server = '', project = '', token = '' }: Connection,
): readonly Failure[] {
  const asked = { '--server': server, '--project': project, 'the variable PIPEWRIGHT_SETUP_TOKEN': token };
  const missing = Object.entries(asked).flatMap(([name, value]) => (value === '' ? [name] : []));
  return missing.length === 0 ? [] : [errors.INPUTS_MISSING({ doing, missing: missing.join(', ') })];
}

export function connect(context: Context, { server = '', token = '' }: Connection): GitLab {
  const apiUrl = `${server.replace(/\/+$/, '')}/api/v4`;
  return createGitLab(context, { apiUrl, token: { kind: 'private', value: token } });
}
