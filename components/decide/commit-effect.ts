import { join } from 'node:path';
import { runOn } from '../git/git-objects.ts';
import { type MadeCommit, makeCommit, type Push, pushWithLease } from '../git/make-commit.ts';
import { fetchInto, type Remote } from '../git/remote.ts';
import { listTree } from '../git/tree.ts';
import { getBranch } from '../gitlab/endpoints/branches.ts';
import { getCommit } from '../gitlab/endpoints/commits.ts';
import { convergeDraft, type DraftPlace, findDraft, redraft } from '../gitlab/endpoints/converge-draft.ts';
import { unlessMissing } from '../gitlab/endpoints/define.ts';
import type { MergeRequest } from '../gitlab/endpoints/merge-request.ts';
import type { Project } from '../gitlab/endpoints/projects.ts';
import type { Context } from '../kernel/context.ts';
import { holdsSecret, whyNotOnto } from '../proposals/commit-files.ts';
import type { Effect } from '../proposals/kind.ts';
import { mostRemovedLines } from '../proposals/limits.ts';
import { branchOf, identityOf, isOwnCommit, renderMessage } from './commit-message.ts';
import { type CommitAccess, type PushPlace, readPushPlace } from './commit-place.ts';
import type { EffectPlace } from './effects.ts';
import type { Receipt } from './report.gen.ts';
import { renderText, type Written } from './texts.ts';

type CommitEffect = Extract<Effect, { readonly kind: 'commit' }>;

const refused = (reason: string): Receipt => ({ done: 'refused', reason });
const failed = (reason: string): Receipt => ({ done: 'failed', reason });

/**
 * Makes a commit on the head that was decided about, pushes it as the agent's branch and opens a draft merge request for it. The
 * same proposal is the same commit, so that run again it changes nothing; a newer one takes its place. Where a person works on the
 * branch, or has closed the draft, theirs stays.
 * @param whyMoved - asked once more before the first write
 */
export async function applyCommit(
  place: EffectPlace,
  effect: CommitEffect,
  written: Written,
  whyMoved: () => Promise<string | undefined>,
): Promise<Receipt> {
  const { target, commits } = place;
  const { project, mergeRequest } = target;
  if (effect.into === 'source' && mergeRequest.sourceProjectId !== project.id)
    return refused('the source branch is in a fork, where this account writes nothing; see `into: target`');
  if (commits.mode === 'click' && !commits.isClicked)
    return { done: 'waiting', reason: 'it waits for a person who starts the manual job of this pipeline' };
  const found = await readPushPlace(commits, project, place.account);
  if (!found.ok) return failed(found.reason);
  const to = found.place;
  if ([place.account.id, to.account.id].includes(mergeRequest.author.id))
    return refused('the merge request is itself a draft of an agent, and nobody commits onto that');
  const { marker, text } = renderText(effect, written);
  const draft: DraftPlace = {
    ...{ marker, author: to.account.id, project: project.id, source: to.project.id },
    sourceBranch: branchOf(written),
    targetBranch: effect.into === 'source' ? mergeRequest.sourceBranch : mergeRequest.targetBranch,
  };
  const known = await findDraft(to.gitlab, draft);
  if (known?.state === 'closed')
    return { ...receiptOf(known), done: 'unchanged', reason: 'somebody has closed it, and it stays closed' };
  return inRepository(place, to, async (made) => {
    const commit = await made.commit(effect, written);
    if ('done' in commit) return commit;
    const tip = await readTip(to, commits.server, written);
    if (!tip.ok) return failed(tip.reason);
    const isMoved = tip.commit !== commit.commit;
    if (isMoved) {
      const moved = await whyMoved();
      if (moved !== undefined) return { done: 'not done', reason: moved };
      if (known !== undefined) await redraft(to.gitlab, known);
      const lease = { commit: commit.commit, branch: draft.sourceBranch, expected: tip.commit };
      const reason = await made.push(lease);
      if (reason !== undefined) return failed(`the push is refused: ${reason}`);
    }
    const wanted = { ...draft, title: effect.title, description: text, isMoved };
    const { mergeRequest: open, done } = await convergeDraft(to.gitlab, known, wanted);
    return { ...receiptOf(open), done: done === 'unchanged' && isMoved ? 'updated' : done };
  });
}

function receiptOf({ iid, webUrl }: MergeRequest): Pick<Receipt, 'id' | 'url'> {
  return { id: iid, url: webUrl };
}

interface Made {
  readonly commit: (effect: CommitEffect, written: Written) => Promise<MadeCommit | Receipt>;
  readonly push: (push: Push) => Promise<string | undefined>;
}

/** A repository of its own with the head, gone afterwards. */
async function inRepository(
  { context, target, commits, forbidden }: EffectPlace,
  to: PushPlace,
  use: (made: Made) => Promise<Receipt>,
): Promise<Receipt> {
  const { project, mergeRequest, head } = target;
  const folder = await context.fs.mkdtemp(join(context.env.TMPDIR ?? '/tmp', 'pipewright-commit-'));
  const repository = join(folder, 'repository');
  const remoteOf = ({ token }: CommitAccess, { pathWithNamespace }: Project): Remote => ({
    ...{ server: commits.server, project: pathWithNamespace, token },
  });
  try {
    // What has the head as a branch needs no more than the new commit; any other gets the whole history.
    const alone = to.project.id === mergeRequest.sourceProjectId;
    await fetchInto(context, repository, remoteOf(commits.access, project), { commits: [head], alone });
    const objects = runOn(context, join(repository, '.git'));
    return await use({
      commit: async (effect, written) => {
        const base = await listTree(objects, head);
        const reason =
          whyForbidden(context, project, forbidden, effect) ??
          whyNotOnto(new Map(base.map(({ path, mode }) => [path, mode])), effect.files);
        if (reason !== undefined) return refused(reason);
        const made = await makeCommit(objects, base, {
          ...{ parent: head, files: effect.files, by: identityOf(to.account, commits.server) },
          message: renderMessage(effect.title, project.id, written),
        });
        const against = whyNotMade(made);
        return against === undefined ? made : refused(against);
      },
      push: (push) => pushWithLease(context, objects, remoteOf(to, to.project), push),
    });
  } finally {
    await context.fs.rm(folder, { recursive: true, force: true });
  }
}

/** What only this side knows: its secrets, and the files that steer this project's CI and agents. */
function whyForbidden(
  { redact }: Pick<Context, 'redact'>,
  { ciConfigPath }: Project,
  folders: readonly string[],
  { files, title, body }: CommitEffect,
): string | undefined {
  const texts = [title, body, ...files.map(({ content }) => content ?? '')];
  if (texts.some((text) => holdsSecret(text, redact))) return 'it holds something like a secret';
  const steers = (path: string) =>
    path.toLowerCase() === ciConfigPath?.toLowerCase() ||
    folders.some((folder) => path.toLowerCase().startsWith(`${folder.replace(/\/+$/, '')}/`.toLowerCase()));
  const found = files.find(({ path }) => steers(path));
  return found && `${found.path} steers CI or agents of this project`;
}

function whyNotMade({ files, hasBinary, removedLines }: MadeCommit): string | undefined {
  if (files === 0) return 'it changes nothing';
  if (hasBinary) return 'a file of it is no text';
  return removedLines > mostRemovedLines
    ? `it takes ${removedLines} lines away, at most ${mostRemovedLines} are allowed`
    : undefined;
}

type Tip =
  | { readonly ok: true; readonly commit: string | undefined }
  | { readonly ok: false; readonly reason: string };

/** The tip of the agent's branch, which only is ours while nobody else has committed there. */
async function readTip(
  { gitlab, account, project: { id: project, pathWithNamespace } }: PushPlace,
  server: string,
  written: Written,
): Promise<Tip> {
  const branch = branchOf(written);
  const there = await unlessMissing(getBranch(gitlab, { project, branch }));
  if (there === undefined) return { ok: true, commit: undefined };
  const commit = await getCommit(gitlab, { project, sha: there.commit.id });
  if (isOwnCommit(commit, identityOf(account, server).email, written))
    return { ok: true, commit: there.commit.id };
  return {
    ok: false,
    reason: `the branch ${branch} of ${pathWithNamespace} has a commit that is not this agent's`,
  };
}
