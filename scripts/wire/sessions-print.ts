import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import { renderUsd } from '../../components/kernel/money.ts';
import { redactData } from '../../components/kernel/redact.ts';
import { tokensOf } from '../../components/session/budget/amount.ts';
import { type checkpointVersions, exportCheckpoint } from '../../components/session/checkpoint.ts';
import { inUsd } from '../../components/session/decide.ts';
import { type Story, tellStory } from '../../components/session/story.ts';
import { counted } from '../../components/session/words.ts';
import type { Head, SessionStore } from '../../components/stores/types.ts';
import { parseHead, renderHead } from './head.ts';
import { printLine } from './run-print.ts';

export interface Asked {
  readonly json: boolean;
  readonly head: string;
  readonly version: (typeof checkpointVersions)[number];
}

interface Told {
  readonly session: string;
  readonly story: Story;
  readonly head: Head | undefined;
  readonly dropped: number;
}

async function tell(store: SessionStore, session: string, known?: Head): Promise<Told> {
  const { records, head, dropped } = await store.read(session, known);
  return { session, story: tellStory(session, records), head, dropped };
}

/** Newest first. One that cannot be read says so, and hides no other. */
export async function printList(context: Context, store: SessionStore, { json }: Asked): Promise<void> {
  // One after the other: a database has few connections, and GitLab counts requests.
  const told: Awaited<ReturnType<typeof tryTell>>[] = [];
  for (const session of await store.list()) told.push(await tryTell(store, session));
  const sorted = told.toSorted((a, b) => b.at - a.at || (a.session < b.session ? -1 : 1));
  if (json) {
    printJson(context, {
      store: store.id,
      sessions: sorted.map(({ at, ...rest }) => ({ ...rest, at: timeOf(at) })),
    });
    return;
  }
  if (sorted.length === 0) printLine(context, `no sessions: ${store.guarantee}`);
  for (const { session, at, what, jobs, outcome, failure } of sorted) {
    const text = failure ?? `${timeOf(at)}  ${what}, ${counted(jobs, 'job')}: ${outcome}`;
    printLine(context, `${session}  ${text}`);
  }
}

async function tryTell(store: SessionStore, session: string) {
  const nothing = { session, at: 0, what: '', jobs: 0, outcome: '' };
  try {
    const { story } = await tell(store, session);
    const { begun, end, at, happenings } = story;
    const jobs = new Set(happenings.map(({ epoch }) => epoch)).size;
    const outcome = end?.outcome ?? 'cut off, or running';
    return { ...nothing, at, jobs, outcome, what: `${begun.kind} ${begun.name}`, failure: undefined };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...nothing, failure: `cannot be read: ${error.code}` };
  }
}

/** What one wants to read after a run that went wrong at night: what happened, when, and how to go on. */
export async function printShown(
  context: Context,
  store: SessionStore,
  session: string,
  { json, head: known }: Asked,
): Promise<void> {
  const { story, head, dropped } = await tell(store, session, parseHead(known));
  const { begun, happenings, end } = story;
  if (json) {
    const told = happenings.map(({ at, ...rest }) => ({ at: timeOf(at), ...rest }));
    const sums = end && {
      costPicoUsd: String(end.costPicoUsd),
      lost: { ...end.lost, costPicoUsd: String(end.lost.costPicoUsd) },
    };
    const { content: _, ...manifest } = begun.manifest;
    printJson(context, {
      session,
      begun: { ...begun, manifest },
      happenings: told,
      end: end === undefined ? null : { ...end, ...sums },
      head: renderHead(head),
    });
    return;
  }
  const { base, head: commit, mergeRequest } = begun.target;
  const where =
    mergeRequest === undefined
      ? ''
      : ` of merge request !${mergeRequest.iid} of project ${mergeRequest.project}`;
  printLine(context, `session ${session}: ${begun.kind} ${begun.name}`);
  printLine(context, `manifest ${begun.manifest.path} (${begun.manifest.digest})`);
  printLine(context, `commits ${base.slice(0, 8)} to ${commit.slice(0, 8)}${where}`);
  let job = 0;
  for (const { at, epoch, text } of happenings) {
    if (epoch !== job) printLine(context, `job ${epoch}`);
    job = epoch;
    printLine(context, `  ${timeOf(at)}  ${text}`);
  }
  for (const line of endOf(story)) printLine(context, line);
  if (dropped > 0) printLine(context, `${dropped} bytes at the end were never acknowledged, or are not yet`);
  if (end?.outcome !== 'complete' && !story.isErased)
    printLine(
      context,
      `to go on: pipewright run --agent=${begun.manifest.path} --session=${session} --head=${renderHead(head)}`,
    );
}

function endOf({ end, agent, happenings }: Story): readonly string[] {
  if (end === undefined) return ['no job has ended its share: the last one was cut off, or is running'];
  const cost = inUsd(end.costPicoUsd).toFixed(6);
  const { inputTokens, outputTokens, callsLost, lost } = end;
  return [
    // Told as what happened last, unless a snapshot has taken its place.
    ...(happenings.length > 0 ? [] : [`${end.outcome}: ${end.reason}`]),
    `${counted(end.iterations, agent === undefined ? 'attempt' : 'iteration')}, ${inputTokens} tokens in and ${outputTokens} out, ${cost} USD, ${Math.round(end.elapsed / 1_000)} s, ${counted(end.proposals.length, 'proposal')}`,
    ...(callsLost > 0
      ? [
          `${counted(callsLost, 'call')} of the model may have been paid for and brought nothing; up to ${tokensOf(lost)} tokens, ${renderUsd(lost.costPicoUsd)} count as spent`,
        ]
      : []),
    ...end.subagents.map(
      ({ name, tasks, turns, ...took }) =>
        `of that ${name}: ${counted(tasks, 'task')}, ${counted(turns, 'turn')}, ${took.inputTokens} tokens in and ${took.outputTokens} out, ${renderUsd(BigInt(took.costPicoUsd))}`,
    ),
    ...(end.nextAction === undefined ? [] : [`next, as the agent says: ${end.nextAction}`]),
  ];
}

export async function printVerified(
  context: Context,
  store: SessionStore,
  session: string,
  { json, head: known }: Asked,
): Promise<void> {
  const { records, head, dropped } = await store.read(session, parseHead(known));
  const jobs = new Set(records.map(({ epoch }) => epoch)).size;
  const isHeld = known !== '';
  if (json) {
    printJson(context, {
      session,
      records: records.length,
      jobs,
      dropped,
      head: renderHead(head),
      headHeld: isHeld,
    });
    return;
  }
  printLine(
    context,
    `${counted(records.length, 'record')} of ${counted(jobs, 'job')}, each as it was written; head ${renderHead(head)}`,
  );
  if (!isHeld)
    printLine(
      context,
      'that the newest were not taken away only a head shows that was kept elsewhere: --head',
    );
}

export async function printExported(
  context: Context,
  store: SessionStore,
  session: string,
  { version, head: known }: Asked,
): Promise<void> {
  const { story, head } = await tell(store, session, parseHead(known));
  const location = `urn:pipewright:${store.id}:${session}`;
  printJson(context, exportCheckpoint(story, { session, version, location, head }));
}

export function printJson(context: Context, value: object | JsonValue): void {
  context.print(`${JSON.stringify(redactData(context.redact, value as object), null, 2)}\n`);
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
