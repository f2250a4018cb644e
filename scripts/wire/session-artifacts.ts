import { runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import { connectionOfJob, readTokens } from '../../components/gitlab/ci-tokens.ts';
import type { GitLabConnection } from '../../components/gitlab/types.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { InputValues } from '../../components/kernel/input-types.ts';
import { errors } from '../../components/stores/errors.ts';
import type { ArtifactApi } from '../../components/stores/gitlab-artifact.ts';
import { createSessionStore } from '../../components/stores/log/open.ts';
import type { SessionStore } from '../../components/stores/types.ts';
import type { readInputs } from './session-inputs.ts';
import { openStore, type StoreInputs } from './session-store.ts';

type ReadStoreInputs = Omit<StoreInputs, 'store'> &
  Pick<InputValues<typeof readInputs>, 'store' | 'job' | 'server' | 'project' | 'gitlab-token'>;

/** Bytes of an archive; it is read at once. */
const mostOfArchive = 512 * 1024 * 1024;

const tokenVariable = 'PIPEWRIGHT_GITLAB_TOKEN';

/** The store of `sessions`, which reads some that nobody writes to. @throws as `openStore`, STORE_ARTIFACTS_INPUT */
export async function openReadStore(context: Context, inputs: ReadStoreInputs): Promise<SessionStore> {
  const { store, job, keys } = inputs;
  if (store !== 'gitlab-artifact') return openStore(context, { ...inputs, store });
  if (job === 0) throw errors.ARTIFACTS_INPUT({ missing: '--job' });
  const { connection, project } = placeOf(context, inputs);
  const [{ createGitLab }, { readJobArchive }, { createArtifactStore }] = await Promise.all([
    import('../../components/gitlab/client.ts'),
    import('../../components/gitlab/job-archive.ts'),
    import('../../components/stores/gitlab-artifact.ts'),
  ]);
  const gitlab = createGitLab(context, connection);
  const api: ArtifactApi = {
    archive: () => readJobArchive(context, gitlab, { project, job }, mostOfArchive),
    shown: `artifacts of job ${job}`,
    hint:
      connection.token?.kind === 'job'
        ? `below GitLab Premium a job's token reads no artifacts: store one that may as ${tokenVariable}`
        : '',
  };
  return createSessionStore(context, createArtifactStore(api, inputs['store-folder']), keys);
}

interface Place {
  readonly connection: GitLabConnection;
  readonly project: number | string;
}

/** A token goes to the job's own server, or to the one that the flag names. */
function placeOf(context: Context, { server, project, ...inputs }: ReadStoreInputs): Place {
  const { access } = readTokens({ [tokenVariable]: inputs['gitlab-token'] }, tokenVariable);
  if (server !== '') {
    if (project === '') throw errors.ARTIFACTS_INPUT({ missing: '--project' });
    if (access === undefined) throw errors.ARTIFACTS_INPUT({ missing: `the variable ${tokenVariable}` });
    return { connection: { apiUrl: `${server.replace(/\/+$/, '')}/api/v4`, token: access }, project };
  }
  if (!runsInGitLab(context.env)) throw errors.ARTIFACTS_INPUT({ missing: '--server' });
  const own = requireCi(context, 'project').project.id;
  const connection = connectionOfJob(context);
  return {
    connection: access === undefined ? connection : { ...connection, token: access },
    project: project === '' ? own : project,
  };
}
