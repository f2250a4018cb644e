import { convergeIssue } from '../gitlab/endpoints/converge-issue.ts';
import { convergeLabels } from '../gitlab/endpoints/converge-labels.ts';
import { convergeNote } from '../gitlab/endpoints/converge-note.ts';
import { convergeThread, resolveOthers } from '../gitlab/endpoints/converge-thread.ts';
import { getMergeRequest } from '../gitlab/endpoints/merge-requests.ts';
import type { User } from '../gitlab/endpoints/user.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { Context } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import type { Effect } from '../proposals/kind.ts';
import { applyCommit } from './commit-effect.ts';
import type { CommitMode } from './commit-place.ts';
import { convergeStop, type EnvironmentTiers } from './environments.ts';
import { convergeStatus } from './proposed-status.ts';
import type { Receipt } from './report.gen.ts';
import { type TargetFacts, whyNotNow } from './target.ts';
import { markerBegins, renderText, type Written } from './texts.ts';

export interface EffectPlace {
  readonly context: Context;
  readonly gitlab: GitLab;
  /** The token's user: the author of what is written. */
  readonly account: User;
  readonly commits: CommitMode;
  /** Folders that hold manifests and policies of the project, which no commit touches. */
  readonly forbidden: readonly string[];
  readonly target: Pick<TargetFacts, 'project' | 'mergeRequest' | 'head' | 'pipeline'>;
  /** Of the environments that something is decided about. */
  readonly tiers: EnvironmentTiers;
}

/**
 * Brings one effect about. Before it writes, the merge request is read once more: after a push or a merge nothing is done.
 * What it writes converges: run again it changes nothing. A failure of GitLab is a receipt, so the others are still tried.
 */
export async function applyEffect(place: EffectPlace, effect: Effect, written: Written): Promise<Receipt> {
  try {
    const moved = await whyMoved(place);
    if (moved !== undefined) return { done: 'not done', reason: moved };
    return await write(place, effect, written);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'bug') throw error;
    return { done: 'failed', reason: error.message };
  }
}

/** Why nothing may be written any more: the merge request is read once more. */
export async function whyMoved({
  gitlab,
  target,
}: Pick<EffectPlace, 'gitlab' | 'target'>): Promise<string | undefined> {
  const of = { project: target.project.id, mergeRequest: target.mergeRequest.iid };
  const now = await getMergeRequest(gitlab, of);
  if (now.sha !== target.head)
    return 'the head has moved since it was decided; its newer pipeline will ask again';
  return whyNotNow(now);
}

async function write(place: EffectPlace, effect: Effect, written: Written): Promise<Receipt> {
  if (effect.kind === 'commit') return applyCommit(place, effect, written, () => whyMoved(place));
  const { gitlab, target, tiers } = place;
  const author = place.account.id;
  const project = target.project.id;
  const of = { project, mergeRequest: target.mergeRequest.iid };
  if (effect.kind === 'label') {
    const { added, refused } = await convergeLabels(gitlab, of, [effect.label]);
    if (refused.length > 0) return { done: 'failed', reason: 'GitLab did not take the label of this token' };
    return { done: added.length > 0 ? 'created' : 'unchanged' };
  }
  if (effect.kind === 'status') return convergeStatus(gitlab, target, effect, written);
  if (effect.kind === 'environment-stop') {
    const name = effect.environment;
    return convergeStop(gitlab, project, { name, tier: tiers.get(name) });
  }
  const { marker, text } = renderText(effect, written);
  if (effect.kind === 'note') {
    const { note, done } = await convergeNote(gitlab, of, { marker, author, body: text });
    return { done, id: note.id, url: `${target.mergeRequest.webUrl}#note_${note.id}` };
  }
  if ('place' in effect) {
    const { diffRefs } = target.mergeRequest;
    if (diffRefs === undefined)
      return { done: 'failed', reason: 'GitLab has no diff of the merge request yet' };
    const position = { ...diffRefs, ...effect.place };
    const { note, done } = await convergeThread(gitlab, of, { marker, author, body: text, position });
    return { done, id: note.id, url: `${target.mergeRequest.webUrl}#note_${note.id}` };
  }
  const { title, labels } = effect;
  const wanted = { marker, author, title, description: text, labels };
  const { issue, done } = await convergeIssue(gitlab, { project }, wanted);
  return { done, id: issue.iid, url: issue.webUrl };
}

/** What became of threads that an agent does not propose any more: how many were resolved, or why they could not be. */
export type Resolved =
  | { readonly ok: true; readonly count: number }
  | { readonly ok: false; readonly reason: string };

/** Resolves what an agent said on lines before and does not say any more. Nothing is done where the merge request has moved on. */
export async function resolveGone(
  place: EffectPlace,
  kinds: readonly ('thread' | 'suggestion')[],
  { effects, ...written }: Written & { readonly effects: readonly Effect[] },
): Promise<Resolved> {
  const { gitlab, target } = place;
  const author = place.account.id;
  const of = { project: target.project.id, mergeRequest: target.mergeRequest.iid };
  const except = effects.flatMap((effect) => ('place' in effect ? [renderText(effect, written).marker] : []));
  try {
    // Its newer pipeline asks again.
    if ((await whyMoved(place)) !== undefined) return { ok: true, count: 0 };
    let count = 0;
    for (const kind of kinds)
      count += await resolveOthers(gitlab, of, { author, except, begins: markerBegins(kind, written.path) });
    return { ok: true, count };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'bug') throw error;
    return { ok: false, reason: error.message };
  }
}
