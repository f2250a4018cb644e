import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from '../../../kernel/context.ts';
import { isMapping, listOf, type Mapping } from '../../config.ts';
import { gitIn } from '../../repositories/git.ts';
import type { Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';
import type { Attempt } from '../types.ts';
import { copyFiles } from './copy-files.ts';
import type { AttemptFolders } from './folders.ts';
import { textsOf } from './keep.ts';
import { selectFiles } from './select-files.ts';
import type { Trace } from './trace.ts';

/** Where a job's caches are wanted. */
export interface CachePlace {
  readonly attempt: Attempt;
  readonly folders: AttemptFolders;
  readonly project: Project;
  readonly trace: Trace;
  readonly variables: Readonly<Record<string, string>>;
  /** `cache` of the job. */
  readonly cache: unknown;
}

export interface Caches {
  readonly restore: (place: CachePlace) => Promise<void>;
  readonly save: (place: CachePlace, succeeded: boolean) => Promise<void>;
}

/**
 * The caches of a twin's projects, which live as long as it. Those of protected references are kept apart.
 * Source: docs.gitlab.com/ci/caching and docs.gitlab.com/ci/yaml/#cache
 */
export function createCaches(context: Context, { folder }: Pick<World, 'folder'>): Caches {
  /** Files of a cache by its key: a new one takes the place of the old at once, whoever still reads that. */
  const stored = new Map<string, { readonly folder: string; readonly files: readonly string[] }>();
  let count = 0;
  const eachOf = (place: CachePlace) => listOf(place.cache).filter(isMapping);
  return {
    restore: async (place) => {
      for (const cache of eachOf(place)) {
        if (policyOf(cache, place) === 'push') continue;
        const keys = [await keyOf(context, cache, place), ...fallbackKeys(cache, place)];
        const found = keys
          .map((key) => [key, stored.get(key)] as const)
          .find(([, files]) => files !== undefined);
        if (found?.[1] === undefined) {
          place.trace.say(`No cache for ${shown(keys[0] ?? '')}`);
          continue;
        }
        await copyFiles(context, found[1].folder, found[1].files, place.folders.project);
        place.trace.say(`Restored cache ${shown(found[0])}`);
      }
    },
    save: async (place, succeeded) => {
      for (const cache of eachOf(place)) {
        const { when = 'on_success' } = cache;
        if (policyOf(cache, place) === 'pull') continue;
        if (when !== 'always' && (when === 'on_failure') === succeeded) continue;
        const key = await keyOf(context, cache, place);
        const { project } = place.folders;
        const { files } = await selectFiles(context, project, textsOf(cache.paths, place.variables), []);
        const others =
          cache.untracked === true
            ? await gitIn(context, project).try(['ls-files', '--others', '-z'])
            : undefined;
        const untracked = (others?.stdout ?? '').split('\0').filter((name) => name !== '');
        count += 1;
        const to = join(folder, 'caches', String(count));
        const copied = await copyFiles(context, project, [...new Set([...files, ...untracked])], to);
        stored.set(key, { folder: to, files: copied.files });
        place.trace.say(`Created cache ${shown(key)}`);
      }
    },
  };
}

const shown = (key: string) => key.split('\n')[1] ?? key;

function policyOf(cache: Mapping, { variables }: CachePlace): string {
  return textsOf(cache.policy ?? 'pull-push', variables)[0] ?? 'pull-push';
}

async function keyOf(context: Context, cache: Mapping, place: CachePlace): Promise<string> {
  const { key } = cache;
  const own = isMapping(key)
    ? await keyOfFiles(context, key, place)
    : (textsOf(key, place.variables)[0] ?? '');
  return fullKey(own === '' ? 'default' : own, cache, place);
}

/** Of `key:files`: a key that changes with what the commit holds under these names. */
async function keyOfFiles(context: Context, key: Mapping, place: CachePlace): Promise<string> {
  const git = gitIn(context, place.folders.project);
  const names = textsOf(key.files ?? key.files_commits, place.variables);
  const objects = await Promise.all(
    names.map((name) => git.try(['rev-parse', '--verify', '--quiet', `HEAD:${name}`])),
  );
  const known = objects.filter(({ exitCode }) => exitCode === 0).map(({ stdout }) => stdout.trim());
  const hash = known.length === 0 ? 'default' : createHash('sha1').update(known.join(' ')).digest('hex');
  const prefix = textsOf(key.prefix, place.variables)[0];
  return prefix === undefined ? hash : `${prefix}-${hash}`;
}

function fallbackKeys(cache: Mapping, place: CachePlace): string[] {
  return textsOf(cache.fallback_keys, place.variables).map((key) => fullKey(key, cache, place));
}

/** What GitLab adds so that a job of any branch cannot fill the cache that protected ones read. */
function fullKey(key: string, cache: Mapping, { attempt, project }: CachePlace): string {
  const apart = attempt.planned.pipeline.protectedRef && cache.unprotect !== true;
  return `${project.id}\n${key}-${apart ? 'protected' : 'non_protected'}`;
}
