import { errors } from './errors.ts';
import type { Begun } from './records.ts';
import type { SessionTarget } from './types.ts';

/**
 * A session goes on as it began: under the same manifest, on the same commits, with the same input.
 * @throws SESSION_MANIFEST_CHANGED, SESSION_TARGET_CHANGED, SESSION_INPUT_CHANGED, SESSION_RECORDS_INVALID
 */
export function assertSame(session: string, began: Begun, now: Omit<Begun, 'format'>): void {
  if (began.format !== 'pipewright/session/v1' || began.kind !== now.kind)
    throw errors.RECORDS_INVALID({
      session,
      sequence: 0,
      reason: `it began as ${began.kind} in ${began.format}`,
    });
  if (began.manifest.digest !== now.manifest.digest)
    throw errors.MANIFEST_CHANGED({
      ...{ session, file: now.manifest.path },
      ...{ began: began.manifest.digest, now: now.manifest.digest },
    });
  const [then, today] = [renderTarget(began.target), renderTarget(now.target)];
  if (then !== today) throw errors.TARGET_CHANGED({ session, began: then, now: today });
  if (began.input !== now.input) throw errors.INPUT_CHANGED({ session });
}

function renderTarget({ base, head, mergeRequest }: SessionTarget): string {
  const where =
    mergeRequest === undefined ? '' : ` of merge request !${mergeRequest.iid} in ${mergeRequest.project}`;
  return `${base}..${head}${where}`;
}
