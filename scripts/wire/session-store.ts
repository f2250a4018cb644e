import { runsInGitLab } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { InputValues } from '../../components/kernel/input-types.ts';
import { type Choice, chooseStore, type StoreId } from '../../components/stores/choose.ts';
import { createDirectoryStore } from '../../components/stores/directory.ts';
import { errors } from '../../components/stores/errors.ts';
import type { KeyRing } from '../../components/stores/log/keys.ts';
import { createSessionStore } from '../../components/stores/log/open.ts';
import type { SegmentStore, SessionStore } from '../../components/stores/types.ts';
import type { storeInputs } from './session-inputs.ts';

export type StoreInputs = Omit<
  InputValues<typeof storeInputs>,
  'session-key' | 'session-keys-before' | 'store'
> & {
  readonly store: StoreId | 'auto';
  readonly keys: KeyRing;
};

/** @param backend - what an agent's manifest asks for */
export function chooseStoreOf(context: Context, inputs: StoreInputs, backend?: string): Choice {
  const isSet = (name: 'postgres-url' | 's3-url') => (inputs[name]?.trim() ?? '') !== '';
  const setup = {
    ...{ isJob: runsInGitLab(context.env), hasKey: inputs.keys.current !== undefined },
    ...{ hasDatabase: isSet('postgres-url'), hasBucket: isSet('s3-url') },
  };
  return chooseStore(inputs.store, setup, backend);
}

/** @throws STORE_KEY_REQUIRED, STORE_DATABASE_URL, S3_URL, S3_CREDENTIALS, GITLAB_NO_JOB, GITLAB_VARIABLE_MISSING */
export async function openStore(context: Context, inputs: StoreInputs): Promise<SessionStore> {
  const { store } = chooseStoreOf(context, inputs);
  return createSessionStore(context, await open[store](context, inputs), inputs.keys);
}

const open: Readonly<Record<StoreId, (context: Context, inputs: StoreInputs) => Promise<SegmentStore>>> = {
  directory: async (context, inputs) => createDirectoryStore(context, inputs['store-folder']),
  'gitlab-package': (context, { keys }) => openPackages(context, keys),
  postgres: (_, inputs) => openDatabase(inputs['postgres-url']),
  s3: openBucket,
};

async function openDatabase(url: string | undefined): Promise<SegmentStore> {
  if (url === undefined || url.trim() === '') throw errors.DATABASE_URL(undefined);
  const { createPostgresStore } = await import('../../components/stores/postgres.ts');
  return createPostgresStore(url.trim());
}

/** Who may read a bucket is decided elsewhere, and often that is many. */
async function openBucket(context: Context, inputs: StoreInputs): Promise<SegmentStore> {
  const [{ parseBucketUrl }, { readCredentials }, { createS3Store }] = await Promise.all([
    import('../../components/stores/s3/place.ts'),
    import('../../components/stores/s3/credentials.ts'),
    import('../../components/stores/s3.ts'),
  ]);
  const bucket = parseBucketUrl(inputs['s3-url'], inputs['s3-region']);
  const credentials = readCredentials({
    AWS_ACCESS_KEY_ID: inputs['s3-access-key-id'],
    AWS_SECRET_ACCESS_KEY: inputs['s3-secret-access-key'],
    AWS_SESSION_TOKEN: inputs['s3-session-token'],
  });
  if (inputs.keys.current === undefined) throw errors.KEY_REQUIRED({ place: 'a bucket' });
  return createS3Store(context, bucket, credentials);
}

/** Everybody who sees a project may read its packages. */
async function openPackages(context: Context, { current }: KeyRing): Promise<SegmentStore> {
  if (current === undefined) throw errors.KEY_REQUIRED({ place: 'packages of the project' });
  const [{ createGitLab }, { connectionOfJob }, { requireCi }, { packageVersions }, { createPackageStore }] =
    await Promise.all([
      import('../../components/gitlab/client.ts'),
      import('../../components/gitlab/ci-tokens.ts'),
      import('../../components/gitlab/ci-parts.ts'),
      import('../../components/gitlab/package-versions.ts'),
      import('../../components/stores/gitlab-package.ts'),
    ]);
  const { project } = requireCi(context, 'project');
  const gitlab = createGitLab(context, connectionOfJob(context));
  const versions = packageVersions(context, gitlab, { project: project.id, name: 'pipewright-sessions' });
  return createPackageStore(context, versions);
}
