import { unlessMissing } from '../gitlab/endpoints/define.ts';
import { readFile } from '../gitlab/endpoints/files.ts';
import { getTag } from '../gitlab/endpoints/tags.ts';
import type { GitLab } from '../gitlab/types.ts';
import { Failure, Failures } from '../kernel/failure.ts';
import type { PolicyBundle } from '../policy/bundle/bundle.gen.ts';
import { largestBundle, parseBundle } from '../policy/bundle/bundle.ts';
import { parsePolicies } from '../policy/parse.ts';
import type { PinnedLevel } from '../policy/pinned-level.ts';
import type { ParsedLevel } from '../policy/types.ts';
import { errors } from './errors.ts';

/** A level that was fetched, and what it was fetched from. */
export interface PulledLevel {
  readonly level: ParsedLevel;
  /** Of the bundle, which is the one that was pinned. */
  readonly digest: string;
  readonly source: LevelSource;
}

export interface LevelSource {
  readonly project: string;
  readonly file: string;
  readonly tag: string;
  /** What the tag stood for when it was read; the file is this commit's. */
  readonly commit: string;
}

/** Every pinned level as it was fetched, or why it was not. */
export type Pulled =
  | { readonly ok: true; readonly pulled: PulledLevel }
  | { readonly ok: false; readonly name: string; readonly failure: Failure };

/**
 * Fetches pinned levels, in their order. A tag is resolved once and the file read at that commit, so that a tag that moves
 * meanwhile changes nothing; whatever the tag says, only the bytes of the pinned digest count.
 */
export function pullEach(gitlab: GitLab, pinned: readonly PinnedLevel[]): Promise<readonly Pulled[]> {
  return Promise.all(
    pinned.map(async (one): Promise<Pulled> => {
      try {
        return { ok: true, pulled: await pullOne(gitlab, one) };
      } catch (error) {
        if (!(error instanceof Failure) || error.kind === 'bug') throw error;
        return { ok: false, name: one.name, failure: withoutDecision(one, error) };
      }
    }),
  );
}

/** The same where nothing can be decided without one. @throws DECIDE_LEVEL_…, of each level that is not there */
export async function pullLevels(
  gitlab: GitLab,
  pinned: readonly PinnedLevel[],
): Promise<readonly PulledLevel[]> {
  const all = await pullEach(gitlab, pinned);
  const [first, ...rest] = all.flatMap((one) => (one.ok ? [] : [one.failure]));
  if (first !== undefined) throw rest.length === 0 ? first : new Failures([first, ...rest]);
  return all.flatMap((one) => (one.ok ? [one.pulled] : []));
}

async function pullOne(gitlab: GitLab, pinned: PinnedLevel): Promise<PulledLevel> {
  const { name, project, file, tag } = pinned;
  const expected = `${file} at the tag ${tag} of ${project}`;
  const missing = (got: string) => errors.LEVEL_MISSING({ level: name, expected, got });
  const found = await unlessMissing(getTag(gitlab, { project, tag }));
  if (found === undefined) throw missing('no such tag, or no such project that the token sees');
  const commit = found.commit.id;
  const bytes = await unlessMissing(readFile(gitlab, { project, file, ref: commit }));
  if (bytes === undefined) throw missing(`no such file in its commit ${commit}`);
  const { digest, files } = readBundle(pinned, bytes);
  // From the bundle on: a finding must tell which of the levels it is of.
  const named = files.map(({ path, text }) => ({ path: `${project}/${file}/${path}`, text }));
  return { level: await parsePolicies(name, named), digest, source: { project, file, tag, commit } };
}

function readBundle({ name, project, file, tag, digest }: PinnedLevel, bytes: Uint8Array): PolicyBundle {
  const place = `${project}:${file}@${tag}`;
  const broken = (got: string, cause?: unknown) =>
    errors.LEVEL_BROKEN({ level: name, expected: `a bundle of policies in ${place}`, got }, cause);
  if (bytes.byteLength > largestBundle)
    throw broken(`${bytes.byteLength} bytes, of which a bundle has at most ${largestBundle}`);
  let bundle: PolicyBundle;
  try {
    bundle = parseBundle(place, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof Failure) throw broken(error.message, error);
    if (error instanceof TypeError) throw broken('text that is no valid Unicode', error);
    throw error;
  }
  if (bundle.digest !== digest)
    throw errors.LEVEL_DIGEST({ level: name, place, expected: digest, got: bundle.digest });
  return bundle;
}

/** Failures of GitLab leave nothing to decide by, whatever they are. */
function withoutDecision({ name, project, file, tag }: PinnedLevel, failure: Failure): Failure {
  if (failure.kind === 'no-decision') return failure;
  const expected = `${file} at the tag ${tag} of ${project}`;
  return errors.LEVEL_UNREADABLE({ level: name, expected, got: failure.message }, failure);
}
