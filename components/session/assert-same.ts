import type { JsonValue } from '../kernel/canonical.ts';
import { errors } from './errors.ts';
import { changesBetween, changesInWords, contentOf } from './manifest-changes.ts';
import type { Begun, Ended, ManifestChanged } from './records.ts';
import type { SessionTarget } from './types.ts';

/** What of a session's state says how it began and how far it is. */
export interface Gone {
  readonly begun: Begun;
  readonly ended: Ended | undefined;
  readonly proposals?: readonly JsonValue[];
}

/**
 * A session goes on as it began: under the same manifest, on the same commits, with the same input. Only the manifest may
 * be another, where that is accepted: gives what is to be recorded of it then.
 * @throws SESSION_MANIFEST_CHANGED, SESSION_TARGET_CHANGED, SESSION_INPUT_CHANGED, SESSION_RECORDS_INVALID
 */
export function assertSame(
  session: string,
  { begun: began, ...gone }: Gone,
  now: Omit<Begun, 'format'>,
  { acceptsChanges, redact }: { readonly acceptsChanges: boolean; readonly redact: (text: string) => string },
): ManifestChanged | undefined {
  if (began.format !== 'pipewright/session/v1' || began.kind !== now.kind)
    throw errors.RECORDS_INVALID({
      session,
      sequence: 0,
      reason: `it began as ${began.kind} in ${began.format}`,
    });
  const changed = changeOf({ begun: began, ...gone }, now, redact);
  if (changed !== undefined) {
    const why = whyNever({ begun: began, ...gone }, now);
    if (!acceptsChanges || why !== undefined)
      throw errors.MANIFEST_CHANGED({
        ...{ session, file: now.manifest.path, began: changed.before, now: now.manifest.digest },
        changes: `${changesInWords(changed.changes)}${why === undefined ? '' : `; ${why}`}`,
      });
  }
  const [then, today] = [renderTarget(began.target), renderTarget(now.target)];
  if (then !== today) throw errors.TARGET_CHANGED({ session, began: then, now: today });
  if (began.input !== now.input) throw errors.INPUT_CHANGED({ session });
  return changed;
}

function changeOf(
  { begun, proposals = [] }: Gone,
  now: Omit<Begun, 'format'>,
  redact: (text: string) => string,
): ManifestChanged | undefined {
  const { manifest: before } = begun;
  const { manifest, name } = now;
  if (before.digest === manifest.digest) return undefined;
  // A proposal is an index into a list: into another list it is another proposal.
  const isKept = before.choices !== undefined && before.choices === manifest.choices;
  return {
    ...{ name, before: before.digest, manifest, dropped: isKept ? 0 : proposals.length },
    // What was no secret for an earlier job may be one for this: taken out before it is cut.
    changes: changesBetween(before.content && contentOf(before.content, redact), manifest.content),
  };
}

/** What no person's word makes the same session. */
function whyNever({ begun, ended }: Gone, { manifest }: Omit<Begun, 'format'>): string | undefined {
  if (ended?.outcome === 'complete') return 'and the session is complete';
  return begun.manifest.path === manifest.path ? undefined : `and it began with ${begun.manifest.path}`;
}

function renderTarget({ base, head, mergeRequest }: SessionTarget): string {
  const where =
    mergeRequest === undefined ? '' : ` of merge request !${mergeRequest.iid} in ${mergeRequest.project}`;
  return `${base}..${head}${where}`;
}
