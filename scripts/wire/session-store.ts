import { runsInGitLab } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import { createDirectoryStore } from '../../components/stores/directory.ts';
import { errors } from '../../components/stores/errors.ts';
import type { KeyRing } from '../../components/stores/log/keys.ts';
import { createSessionStore } from '../../components/stores/log/open.ts';
import type { SegmentStore, SessionStore } from '../../components/stores/types.ts';

export interface StoreInputs {
  readonly store: string;
  readonly 'store-folder': string;
  readonly 'postgres-url': string | undefined;
  readonly keys: KeyRing;
}

/** @throws STORE_KEY_REQUIRED, STORE_DATABASE_URL, GITLAB_NO_JOB, GITLAB_VARIABLE_MISSING */
export async function openStore(context: Context, inputs: StoreInputs): Promise<SessionStore> {
  const { store, keys } = inputs;
  const isJob = runsInGitLab(context.env);
  const isPackage = store === 'gitlab-package' || (store === 'auto' && isJob && keys.current !== undefined);
  const segments = isPackage
    ? await openPackages(context, keys)
    : store === 'postgres'
      ? await openDatabase(inputs['postgres-url'])
      : createDirectoryStore(context, inputs['store-folder']);
  return createSessionStore(context, segments, keys);
}

async function openDatabase(url: string | undefined): Promise<SegmentStore> {
  if (url === undefined || url.trim() === '') throw errors.DATABASE_URL(undefined);
  const { createPostgresStore } = await import('../../components/stores/postgres.ts');
  return createPostgresStore(url.trim());
}

/** Everybody who sees a project may read its packages. */
async function openPackages(context: Context, { current }: KeyRing): Promise<SegmentStore> {
  if (current === undefined) throw errors.KEY_REQUIRED(undefined);
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
