import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failures } from '../../../components/kernel/failure.ts';
import { releaseErrors } from './errors.ts';
import type { Git } from './git.ts';
import { findReleaseMistakes } from './inspect.ts';
import { commitMessage, type ReleasePlan } from './plan.ts';

/**
 * Stamps, commits and tags. Whatever fails in between, branch and templates are put back as they were; `rescue`
 * is a git that also works after the release was cancelled. Gives the commit.
 */
export async function applyRelease(git: Git, rescue: Git, root: string, plan: ReleasePlan): Promise<string> {
  try {
    for (const { path, after } of plan.stamps) await writeFile(join(root, path), after);
    const paths = plan.stamps.map(({ path }) => `:(top,literal)${path}`);
    await git('commit', '--quiet', '--only', `--message=${commitMessage(plan)}`, '--', ...paths);
    const commit = (await git('rev-parse', 'HEAD')).trim();
    // A commit hook may have added to it; the tag pipeline asks the same question.
    const [first, ...rest] = await findReleaseMistakes(git, commit, plan.version);
    if (first !== undefined) throw new Failures([first, ...rest]);
    await git('tag', '--annotate', `--message=${plan.version}`, plan.version, commit);
    return commit;
  } catch (error) {
    await restore(rescue, root, plan).catch((cause: Error) => {
      throw releaseErrors.NOT_RESTORED({ commit: plan.base, reason: cause.message }, error);
    });
    throw error;
  }
}

async function restore(git: Git, root: string, plan: ReleasePlan): Promise<void> {
  if ((await git('rev-parse', 'HEAD')).trim() === plan.base) {
    for (const { path, before } of plan.stamps) await writeFile(join(root, path), before);
    await git('reset', '--quiet');
  } else {
    // Unlike --hard, --keep leaves alone what somebody else has changed meanwhile.
    await git('reset', '--quiet', '--keep', plan.base);
  }
}
