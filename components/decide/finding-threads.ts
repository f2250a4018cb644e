import { convergeThread, hasOpenThread, resolveOthers } from '../gitlab/endpoints/converge-thread.ts';
import type { FileDiff } from '../gitlab/endpoints/diffs.ts';
import { currentUser } from '../gitlab/endpoints/users.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { Context } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import type { Finding } from '../kernel/finding.ts';
import { type LinePlace, nearestLine } from '../proposals/changed-lines.ts';
import { type BlockingFindings, changedManifests, findBlocking } from './blocking-findings.ts';
import { diffOf } from './changed-files.ts';
import { type EffectPlace, whyMoved } from './effects.ts';
import { findingMarker, markFindings, renderFindingThread, type Stands } from './finding-text.ts';
import type { DecisionFindings, Receipt } from './report.gen.ts';
import type { TargetFacts } from './target.ts';

/** More of them nobody reads; the rest is counted in the last. */
const mostThreads = 20;

/**
 * Says what would stop the merge as threads on the lines of the merge request, and resolves those whose finding is gone. Where no
 * manifest is changed nothing more is asked than whether a thread of an earlier push is open, and that only where somebody has
 * written something.
 */
export async function showFindings(
  context: Context,
  gitlab: GitLab,
  target: TargetFacts,
  diffs: readonly FileDiff[],
): Promise<DecisionFindings> {
  const threads: DecisionFindings['threads'] = [];
  let counted = { manifests: 0, unread: 0, blocking: 0 };
  try {
    const found = await findBlocking(context, gitlab, target, changedManifests(diffs));
    counted = { manifests: found.manifests, unread: found.unread, blocking: found.findings.length };
    if (found.findings.length === 0 && !(await hasOpen(gitlab, target))) return { ...counted, threads };
    const place = { gitlab, author: (await currentUser(gitlab)).id, target, tiers: new Map() };
    const markers = markFindings(found.findings);
    for (const [index, finding] of found.findings.slice(0, mostThreads).entries()) {
      context.cancel.throwIfAborted();
      const more = index === mostThreads - 1 ? found.findings.length - mostThreads : 0;
      const receipt = await sayOne(place, diffs, finding, { marker: markers[index] ?? '', more });
      threads.push({ what: `${finding.code} ${finding.file}:${finding.line}`, receipt });
    }
    return { ...counted, threads, ...(await resolveGone(place, found, markers)) };
  } catch (error) {
    return { ...counted, threads, unresolved: reasonOf(error) };
  }
}

/** Without a comment there is no thread. */
async function hasOpen(gitlab: GitLab, { project, mergeRequest }: TargetFacts): Promise<boolean> {
  const of = { project: project.id, mergeRequest: mergeRequest.iid };
  return mergeRequest.userNotesCount !== 0 && hasOpenThread(gitlab, of, findingMarker);
}

async function sayOne(
  place: EffectPlace,
  diffs: readonly FileDiff[],
  finding: Finding,
  { marker, more }: { readonly marker: string; readonly more: number },
): Promise<Receipt> {
  const { gitlab, author, target } = place;
  const of = { project: target.project.id, mergeRequest: target.mergeRequest.iid };
  const { stands, line } = placeOf(diffs, finding, target);
  const { text: body } = renderFindingThread(finding, { marker, stands, more });
  try {
    const moved = await whyMoved(place);
    if (moved !== undefined) return { done: 'not done', reason: moved };
    const { diffRefs } = target.mergeRequest;
    const position = line === undefined || diffRefs === undefined ? undefined : { ...diffRefs, ...line };
    const { note, done } = await convergeThread(gitlab, of, { marker, author, body, position });
    return { done, id: note.id, url: `${target.mergeRequest.webUrl}#note_${note.id}` };
  } catch (error) {
    return { done: 'failed', reason: reasonOf(error) };
  }
}

/** On its line, or else on the nearest one that is changed; where the file has none, on the merge request itself. */
function placeOf(
  diffs: readonly FileDiff[],
  { file, line }: Finding,
  { mergeRequest }: EffectPlace['target'],
): { readonly stands: Stands; readonly line: LinePlace | undefined } {
  const diff = diffs.find(({ newPath }) => newPath === file);
  const nearest =
    diff === undefined || mergeRequest.diffRefs === undefined ? undefined : nearestLine(diffOf(diff), line);
  if (nearest === undefined) return { stands: 'on no line', line: undefined };
  return { stands: nearest.newLine === line ? 'on its line' : 'on another line', line: nearest };
}

/** Where not all manifests were read nobody knows what is gone. */
async function resolveGone(
  place: EffectPlace,
  { unread }: BlockingFindings,
  markers: readonly string[],
): Promise<Pick<DecisionFindings, 'resolved' | 'unresolved'>> {
  if (unread > 0 || (await whyMoved(place)) !== undefined) return {};
  const { gitlab, author, target } = place;
  const of = { project: target.project.id, mergeRequest: target.mergeRequest.iid };
  const resolved = await resolveOthers(gitlab, of, { author, begins: findingMarker, except: markers });
  return resolved === 0 ? {} : { resolved };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Failure) || error.kind === 'bug') throw error;
  return error.message;
}
