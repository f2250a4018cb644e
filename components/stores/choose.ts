/** Stores a session can be written to. */
export type StoreId = 'directory' | 'gitlab-package' | 'postgres' | 's3';

/** What the operator has set up: the manifest's author has no part in it. */
export interface Setup {
  /** Inside of a GitLab job, whose token may write packages. */
  readonly isJob: boolean;
  /** Records are encrypted; packages and buckets take no others. */
  readonly hasKey: boolean;
  readonly hasDatabase: boolean;
  readonly hasBucket: boolean;
}

export interface Choice {
  readonly store: StoreId;
  /** Why it is not what the manifest asks for, in a sentence without an end; undefined where it is, or asks for nothing. */
  readonly instead: string | undefined;
}

/**
 * The store of the input `store`. `auto` follows the kind of backend that a manifest names, as far as the operator has set
 * that store up; where it lies is the operator's alone, and a manifest's `location` is never read.
 *
 * @param backend - `spec.checkpointing.storage.backend` of an agent
 */
export function chooseStore(store: StoreId | 'auto', setup: Setup, backend?: string): Choice {
  if (store !== 'auto') return { store, instead: undefined };
  const usual = setup.isJob && setup.hasKey ? 'gitlab-package' : 'directory';
  if (backend === undefined) return { store: usual, instead: undefined };
  const asked = Object.hasOwn(stores, backend) ? stores[backend as keyof typeof stores] : undefined;
  const missing = asked === undefined ? 'there is no such store' : lackOf(asked, setup);
  if (asked !== undefined && missing === undefined) return { store: asked, instead: undefined };
  return {
    store: usual,
    instead: `the manifest asks for the backend ${backend}, and ${missing}: it is ${usual}`,
  };
}

/** OSSA's backends. `agent-brain` is a database that agents share. */
const stores = { local: 'directory', 'agent-brain': 'postgres', s3: 's3' } as const;

function lackOf(store: (typeof stores)[keyof typeof stores], setup: Setup): string | undefined {
  if (store === 'postgres' && !setup.hasDatabase) return 'PIPEWRIGHT_POSTGRES_URL is not set';
  if (store === 's3' && !setup.hasBucket) return 'PIPEWRIGHT_S3_URL is not set';
  if (store === 's3' && !setup.hasKey) return 'PIPEWRIGHT_SESSION_KEY is not set';
  return undefined;
}
