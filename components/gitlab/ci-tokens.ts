import type { Context } from '../kernel/context.ts';
import { type Environment, variables } from './ci-context.ts';
import { requireCi } from './ci-parts.ts';
import { errors } from './errors.ts';
import type { GitLabConnection, GitLabToken } from './types.ts';

/** The tokens a job has; a command must do without the second, which most merge request pipelines do not get. */
export interface CiTokens {
  readonly job: GitLabToken | undefined;
  /** Of a service account, from a CI/CD variable of the project or group. */
  readonly access: GitLabToken | undefined;
}

/** Reads the job's token, and the access token from the variable of that name, such as PIPEWRIGHT_GITLAB_TOKEN. */
export function readTokens(env: Environment, accessVariable: string): CiTokens {
  const token = (kind: GitLabToken['kind'], value: string | undefined): GitLabToken | undefined =>
    value === undefined || value.trim() === '' ? undefined : { kind, value: value.trim() };
  return { job: token('job', env[variables.jobToken.name]), access: token('private', env[accessVariable]) };
}

/**
 * The connection to the job's own GitLab, until the job ends: with the access token where `accessVariable` is given, else
 * with the job's token. Throws GITLAB_VARIABLE_MISSING for the token, and what `requireCi` throws.
 */
export function connectionOfJob(
  context: Pick<Context, 'env' | 'clock'>,
  accessVariable?: string,
): GitLabConnection & { readonly token: GitLabToken } {
  const { server, job } = requireCi(context, 'server', 'job');
  const tokens = readTokens(context.env, accessVariable ?? '');
  const token = accessVariable === undefined ? tokens.job : tokens.access;
  if (token === undefined) {
    throw errors.VARIABLE_MISSING(
      accessVariable === undefined
        ? variables.jobToken
        : { name: accessVariable, setBy: 'you set it, to the access token of a service account' },
    );
  }
  return { apiUrl: server.apiUrl, token, deadline: job.deadline };
}
