import { git } from '../../git/git.ts';
import type { Context } from '../../kernel/context.ts';
import { twinErrors } from '../errors.ts';
import type { Checkout } from '../repositories/checkout.ts';
import type { Imported } from '../repositories/import.ts';
import type { RunningTwin } from '../twin.ts';
import type { Project } from '../world/project.ts';
import type { LocalPlan } from './plan.ts';
import type { Step } from './step.ts';

/** A branch that steps push to, with the commit it gets from a name in the user's repository. */
export type Pushes = Extract<Step, { readonly source: string }>;

/**
 * Puts the branches of a project that came from a folder where they stand before anything happens: where `origin` has
 * them, as GitLab knows what was pushed. A branch that steps push is not there yet, unless `origin` has it; the one that
 * is checked out keeps what is not committed.
 */
export async function rewindBranches(
  context: Context,
  twin: RunningTwin,
  project: Project,
  { checkout, steps }: Pick<LocalPlan, 'checkout' | 'steps'>,
  imported: Imported,
): Promise<void> {
  const pushed = new Map<string, Pushes>();
  for (const step of steps) if (isPush(step) && !pushed.has(step.branch)) pushed.set(step.branch, step);
  const targets = new Set(
    steps.flatMap((step) => (step.do === 'open' ? [step.target ?? project.defaultBranch] : [])),
  );
  const now = await twin.repositories.branches(project);
  for (const branch of new Set([...now.keys(), ...pushed.keys()])) {
    const origin = await commitOf(context, checkout, `refs/remotes/origin/${branch}`);
    const push = pushed.get(branch);
    // What a merge request would go into has no changes of the working tree.
    const local = targets.has(branch) ? await commitOf(context, checkout, `refs/heads/${branch}`) : undefined;
    const kept =
      branch === imported.branch && !targets.has(branch)
        ? now.get(branch)
        : (origin ?? local ?? now.get(branch));
    const before = push === undefined ? kept : await beforePush(context, checkout, push, origin, imported);
    const current = now.get(branch);
    if (before !== current)
      await twin.repositories.updateRef(project, `refs/heads/${branch}`, before, current);
  }
}

/** Makes a branch hold what is checked out, uncommitted changes included. */
export async function holdCheckout(
  { repositories }: RunningTwin,
  project: Project,
  branch: string,
  { sha }: Imported,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  await repositories.updateRef(project, ref, sha, await repositories.resolve(project, ref));
}

function isPush(step: Step): step is Pushes {
  return step.do === 'push' || step.do === 'open';
}

/** With nothing to push, the last commit is taken as the push that is tried. */
async function beforePush(
  context: Context,
  checkout: Checkout,
  push: Pushes,
  origin: string | undefined,
  imported: Imported,
): Promise<string | undefined> {
  if (push.do !== 'push' || origin === undefined) return origin;
  const sha = await sourceCommit(context, checkout, push.source, imported);
  return origin === sha ? commitOf(context, checkout, `${sha}^`) : origin;
}

/** The commit a name stands for in the user's repository: what is checked out, with what is not committed, or another. */
export async function sourceCommit(
  context: Context,
  checkout: Checkout,
  source: string,
  { branch, sha }: Imported,
): Promise<string | undefined> {
  if (source === 'HEAD' || source === branch) return sha;
  return commitOf(context, checkout, source);
}

/** @throws TWIN_STEP_IMPOSSIBLE */
export async function neededCommit(
  context: Context,
  checkout: Checkout,
  step: Pushes,
  imported: Imported,
): Promise<string> {
  const sha = await sourceCommit(context, checkout, step.source, imported);
  if (sha !== undefined) return sha;
  throw twinErrors.STEP_IMPOSSIBLE({
    text: step.text,
    reason: `${step.source} names no commit of ${checkout.root}`,
  });
}

async function commitOf(context: Context, { root }: Checkout, name: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const found = await git(context, root, args);
  return found.exitCode === 0 ? found.stdout.trim() : undefined;
}
