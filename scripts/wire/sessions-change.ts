import type { Context } from '../../components/kernel/context.ts';
import { eraseSession } from '../../components/session/erase.ts';
import { answerSession, readAnswer } from '../../components/session/person-answer.ts';
import { counted } from '../../components/session/words.ts';
import type { SessionStore } from '../../components/stores/types.ts';
import { parseHead, renderHead } from './head.ts';
import { printLine } from './run-print.ts';
import { type Asked, printJson } from './sessions-print.ts';

/** Writes an answer, and says how the session goes on. */
export async function answer(
  context: Context,
  store: SessionStore,
  session: string,
  { words, head: known }: Asked & { readonly words: readonly string[] },
): Promise<void> {
  const said = readAnswer(words.join(' '), context.redact);
  const log = await store.open(session, 'resume', parseHead(known));
  try {
    await answerSession(log, session, said);
    printLine(context, `answered; to go on: --session=${session} --head=${renderHead(log.head())}`);
  } finally {
    await log.close();
  }
}

/** Drops what a session needs no more to go on. */
export async function prune(
  context: Context,
  store: SessionStore,
  session: string,
  { json, head: known }: Asked,
): Promise<void> {
  const { segments, bytes } = await store.prune(session, parseHead(known));
  if (json) printJson(context, { session, segments, bytes });
  else if (segments === 0)
    printLine(context, 'nothing to drop: the last snapshot, if there is one, is in its first segment');
  else
    printLine(
      context,
      `dropped ${counted(segments, 'segment')} of ${bytes} bytes; what happened in them is not told any more`,
    );
}

/** Leaves of a session what it was and what it cost. Asks the store first whether it can let go of anything. */
export async function erase(
  context: Context,
  store: SessionStore,
  session: string,
  { json, head: known }: Asked,
): Promise<void> {
  await store.prune(session, parseHead(known));
  const log = await store.open(session, 'resume');
  try {
    await eraseSession(log, session);
  } finally {
    await log.close();
  }
  const { segments, bytes } = await store.prune(session);
  if (json) printJson(context, { session, segments, bytes });
  else
    printLine(context, 'erased: what it was and what it cost is left; files of its jobs are not looked at');
}
