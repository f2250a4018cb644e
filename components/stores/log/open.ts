import { randomBytes } from 'node:crypto';
import type { Context } from '../../kernel/context.ts';
import { errors } from '../errors.ts';
import type { Claim, SegmentStore, SessionLog, SessionRecord, SessionStore } from '../types.ts';
import type { KeyRing } from './keys.ts';
import { newSalt } from './preamble.ts';
import { readLog } from './read.ts';
import { drop, lastExpired, lastNotNeeded } from './retention.ts';
import { beginWriting, headOf } from './writer.ts';

/** Keeps the logs of sessions in a store of segments: one segment an epoch. docs/session-log.md */
export function createSessionStore(
  { clock }: Pick<Context, 'clock'>,
  store: SegmentStore,
  ring: KeyRing,
): SessionStore {
  const secrecy =
    ring.current === undefined
      ? 'it is not encrypted: who can write there can change what it holds'
      : 'it is encrypted';
  const partsOf = (session: string, claim: Claim) => {
    const salt = newSalt(randomBytes);
    return { session, claim, key: ring.current, salt, now: clock.now };
  };
  return {
    id: store.id,
    guarantee: `${store.guarantee}; ${secrecy}`,
    list: async () => (await store.list()).filter((session) => sessionForm.test(session)),
    read: async (session, known) => {
      assertId(session);
      const segments = await store.read(session);
      const { records, tag, sequence, dropped } = readLog({ session, segments, ring }, known, 'all');
      return { records, head: headOf(sequence, tag), dropped };
    },
    prune: async (session, known) => {
      assertId(session);
      const claim = await store.claim(session, 'resume');
      try {
        if (claim.drop === undefined) throw errors.KEEPS_ALL({ store: store.id });
        const written = readLog({ session, segments: claim.segments, ring }, known);
        const through = Math.max(written.pruned, lastNotNeeded(written));
        // The log says that they are gone before they are: whoever is killed in between may do it again.
        await beginWriting(partsOf(session, claim), { ...written, pruned: through });
        return await drop(claim, through);
      } finally {
        await claim.close();
      }
    },
    open: async (session, how, known, retention) => {
      assertId(session);
      const claim = await store.claim(session, how);
      try {
        const written = readLog({ session, segments: claim.segments, ring }, known);
        const expired = claim.drop === undefined ? 0 : lastExpired(claim, written, retention, clock.now());
        const through = Math.max(written.pruned, Math.min(expired, lastNotNeeded(written)));
        const writer = await beginWriting(partsOf(session, claim), { ...written, pruned: through });
        const pruned = claim.drop && (await drop(claim, through));
        const records: SessionRecord[] = [...written.records];
        let isCovered = expired <= through;
        const log: SessionLog = {
          ...{ snapshot: written.snapshot, records, epoch: claim.epoch, dropped: written.dropped, pruned },
          head: writer.head,
          isSnapshotDue: () => !isCovered || writer.isSnapshotDue(),
          append: async (kind, body) => {
            const record = await writer.append(kind, body, false);
            records.push(record);
            return record;
          },
          appendSnapshot: async (state) => {
            await writer.append('snapshot', state, true);
            isCovered = true;
          },
          close: claim.close,
        };
        return log;
      } catch (error) {
        await claim.close();
        throw error;
      }
    },
  };
}

const sessionForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function assertId(session: string): void {
  if (!sessionForm.test(session)) throw errors.SESSION_ID({ session });
}
