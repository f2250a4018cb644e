import { parseSeed } from '../../components/attest/keys.ts';
import type { Signer } from '../../components/attest/types.ts';
import type { ReceiptPlace } from '../../components/decide/receipts.ts';
import type { Remote } from '../../components/git/remote.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import { connectionOfJob } from '../../components/gitlab/ci-tokens.ts';
import { createGitLab } from '../../components/gitlab/client.ts';
import type { GitLab, GitLabToken } from '../../components/gitlab/types.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { InputDeclarations } from '../../components/kernel/input-types.ts';

/** Holds the token of the service account. */
export const tokenVariable = 'PIPEWRIGHT_GITLAB_TOKEN';
const keyVariable = 'PIPEWRIGHT_SIGNING_KEY';

/** Values of the two variables, so that they are taken out of all that is written. */
export const applySecrets = {
  'gitlab-token': {
    type: 'string',
    description: 'Token of the service account that acts, from a protected and masked variable',
    secret: true,
    terminal: true,
  },
  'signing-key': {
    type: 'string',
    description:
      'Seed of the Ed25519 key that signs decisions, 32 bytes in base64, from a protected variable',
    secret: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;

/** What git shows the server. */
export type ServerAccess = Pick<Remote, 'server' | 'token'>;

export function remoteOf(context: Context, { token }: { readonly token: GitLabToken }): ServerAccess {
  const { server } = requireCi(context, 'server');
  return { server: server.url.replace(/\/+$/, ''), token: token.value };
}

/** As whom the trusted project acts, and where it keeps what it has done. */
export interface Connection {
  /** As the service account. */
  readonly gitlab: GitLab;
  readonly remote: ServerAccess;
  readonly receipts: ReceiptPlace;
  readonly signer: Signer | undefined;
}

/** @throws GITLAB_NO_JOB, GITLAB_VARIABLE_MISSING, ATTEST_SEED */
export function openConnection(context: Context, folder: string, signingKey: string | undefined): Connection {
  const { project } = requireCi(context, 'project');
  const connection = connectionOfJob(context, tokenVariable);
  return {
    gitlab: createGitLab(context, connection),
    remote: remoteOf(context, connection),
    receipts: { gitlab: createGitLab(context, connectionOfJob(context)), project: project.id, folder },
    signer: signingKey === undefined || signingKey === '' ? undefined : parseSeed(keyVariable, signingKey),
  };
}
