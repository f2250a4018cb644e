import type { Pulled } from '../../components/decide/pulled-level.ts';
import type { Context } from '../../components/kernel/context.ts';

/**
 * Prepares fetching the levels of policy projects with the job's own token, which reads another project only where that lets
 * it (Settings > CI/CD > Job token permissions). Each that it cannot read is told.
 * @throws POLICY_LEVEL_INVALID, and when it fetches GITLAB_NO_JOB at a terminal, where there is no such token
 */
export async function preparePull(
  context: Context,
  levels: readonly string[],
): Promise<() => Promise<readonly Pulled[]>> {
  // Most have none, and need no client.
  if (levels.length === 0) return async () => [];
  const { parsePinnedLevels } = await import('../../components/policy/pinned-level.ts');
  const pinned = parsePinnedLevels(levels);
  return async () => {
    const [{ createGitLab }, { connectionOfJob }, { pullEach }] = await Promise.all([
      import('../../components/gitlab/client.ts'),
      import('../../components/gitlab/ci-tokens.ts'),
      import('../../components/decide/pulled-level.ts'),
    ]);
    const all = await pullEach(createGitLab(context, connectionOfJob(context)), pinned);
    for (const one of all)
      if (!one.ok) context.log.warning(`not read with the token of the job: ${one.failure.message}`);
    return all;
  };
}
