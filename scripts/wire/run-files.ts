import { resolve } from 'node:path';
import { digestBytes } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import { assertNoLinks, writeFileAtomic } from '../../components/kernel/files.ts';
import { redactData } from '../../components/kernel/redact.ts';
import type { ProposalBundle } from '../../components/proposals/bundle.gen.ts';
import { makeBundle } from '../../components/proposals/bundle.ts';
import type { EgressEvidence } from '../../components/sandbox/broker/egress.gen.ts';
import { makeAnswer } from '../../components/session/answer-file.ts';
import { tokensOf } from '../../components/session/budget/amount.ts';
import { inUsd } from '../../components/session/decide.ts';
import { makeResult, totalOf } from '../../components/session/result.ts';
import type { CheckedRunnable } from './run-manifest.ts';
import type { Asked } from './run-outside.ts';
import type { RunPlace } from './run-place.ts';
import type { RanSession } from './run-session.ts';
import { version } from './version.ts';

const files = {
  proposals: 'proposals.json',
  result: 'result.json',
  answer: 'answer.json',
  egress: 'egress.json',
} as const;

/** What an earlier run left must not be taken for this one's, whose job may end before it writes. */
export async function clearFiles(context: Context, folder: string): Promise<void> {
  await assertNoLinks(context, folder);
  for (const name of Object.values(files))
    await context.fs.rm(resolve(context.cwd, folder, name), { force: true });
}

/** Writes what the session proposes, also where that is nothing, its answer, and then its result; each whole or not at all. */
export async function writeFiles(
  context: Context,
  folder: string,
  place: RunPlace,
  { manifest, choices, answer: asked }: Extract<CheckedRunnable, { ok: true }>,
  { id, epoch, head, rung, store, end }: RanSession,
): Promise<void> {
  const source = { path: place.manifest.path, digest: digestBytes(place.manifest.text) };
  const { target } = place;
  const { mergeRequest } = target;
  const spent = totalOf(end);
  const bundle = makeBundle({
    ...{ version, session: { id, epoch }, agent: { ...source, name: manifest.name }, choices },
    target:
      mergeRequest === undefined
        ? null
        : { project: mergeRequest.project, mergeRequest: mergeRequest.iid, head: target.head },
    sources: [...end.sources],
    complete: end.outcome === 'complete',
    usage: {
      iterations: end.iterations,
      tokens: tokensOf(spent),
      seconds: Math.round(end.elapsed / 1_000),
      costUsd: inUsd(spent.costPicoUsd),
      ...(end.confidence === undefined ? {} : { confidence: end.confidence }),
    },
    // The desk has made each; records keep them as JSON.
    proposals: end.proposals as unknown as ProposalBundle['proposals'],
  });
  const about = { ...source, kind: manifest.kind, name: manifest.name };
  const result = makeResult(
    { version, session: { id, epoch, head }, manifest: about, target, rung, store },
    end,
  );
  await write(context, folder, files.proposals, bundle);
  const answer = makeAnswer({ version, session: { id, epoch }, manifest: about, target, asked }, end);
  if (answer !== undefined) await write(context, folder, files.answer, answer);
  await write(context, folder, files.result, result);
}

/** Writes what a session has asked of the outside (schemas/egress.schema.json), however it ended. */
export function keepAsked(context: Context, folder: string) {
  return async (session: string, { requests, isAll }: Asked): Promise<void> => {
    const evidence: EgressEvidence = {
      ...{ format: 'pipewright/egress/v1', version, session, complete: isAll },
      requests: requests.map(({ at, ...request }) => ({ at: new Date(at).toISOString(), ...request })),
    };
    await write(context, folder, files.egress, evidence);
  };
}

async function write(context: Context, folder: string, name: string, value: object): Promise<void> {
  const text = `${JSON.stringify(redactData(context.redact, value), null, 2)}\n`;
  await writeFileAtomic(context, resolve(context.cwd, folder, name), text);
}
