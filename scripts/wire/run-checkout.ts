import { join, relative, resolve, sep } from 'node:path';
import { readPolicyFiles } from '../../components/decide/commit-files.ts';
import { openFolders } from '../../components/git/folder-files.ts';
import { openRepository } from '../../components/git/objects.ts';
import { readCiContext, runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import type { Context } from '../../components/kernel/context.ts';
import { readTextFile } from '../../components/kernel/files.ts';
import { once } from '../../components/kernel/once.ts';
import { defaultYamlLimits } from '../../components/kernel/yaml-limits.ts';
import { readDefaultLevel } from '../../components/policy/default.ts';
import { errors } from '../../components/session/errors.ts';
import { findCommits } from './found-commits.ts';
import type { RunPlace } from './run-place.ts';
import { assertSteering } from './run-steering.ts';
import { statedBy } from './stated-inputs.ts';
import { surroundingsOf } from './surroundings.ts';
import { toolsOfCheckout } from './tool-places.ts';

/**
 * This checkout as the place of a session: manifest and scripts are its files; what an agent reads are the commits of
 * the merge request, or those of HEAD that the default branch has not.
 * @throws SESSION_MANIFEST_OUTSIDE, SESSION_BASE_UNKNOWN, SESSION_CHANGED_WITH_SECRET, FILE_…, GIT_…
 */
export async function openCheckout(context: Context, file: string): Promise<RunPlace> {
  const commits = await findCommits(context);
  const { top, gitFolder, target } = commits;
  const real = await context.fs.realpath(resolve(context.cwd, file)).catch(() => resolve(context.cwd, file));
  const path = relative(top, real).split(sep).join('/');
  if (path === '' || path.startsWith('../')) throw errors.MANIFEST_OUTSIDE({ file });
  const maxBytes = defaultYamlLimits.manifest.bytes;
  const text = await readTextFile(context, real, { maxBytes, shown: file });
  const isHeld = await assertSteering(context, { ...commits, file, path, text });
  const repository = await openRepository(context, top, target);
  // A program of the merge request would use the secret as well as its manifest; of its target branch it reads data only.
  const ofTarget = createTree(context, top, commits.targetHead ?? target.base);
  return {
    manifest: { path, text },
    target,
    repository,
    tools: toolsOfCheckout(context, repository),
    title: undefined,
    checkout: async () => top,
    programs: isHeld ? ofTarget.open : async () => top,
    isDecided: false,
    ask: async ({ policies, ...stated }) => {
      // As of the gate: on a branch its own policies count, else those of the commit that the changes begin at.
      const isOnBranch = runsInGitLab(context.env) && readCiContext(context.env).mergeRequest === undefined;
      const commit = isOnBranch ? target.head : target.base;
      const [[files], { openSteps }] = await Promise.all([
        openFolders(context, top, [commit], [policies, path], gitFolder),
        import('../../components/decide/allow-run.ts'),
        readDefaultLevel(),
      ]);
      return openSteps(context.clock, {
        manifest: { path, text, changed: (await files.read(path)) !== text },
        ...{ organisation: [], pulled: [], policies: await readPolicyFiles(files, policies) },
        around: { ...surroundingsOf(context), ...statedBy(stated) },
      });
    },
    close: ofTarget.close,
    deadline: runsInGitLab(context.env) ? requireCi(context, 'job').job.deadline : undefined,
  };
}

/** The files of a commit in a folder of their own, made when they are asked for. */
function createTree(context: Context, top: string, commit: string) {
  let folder: string | undefined;
  return {
    open: once(async () => {
      const { materialise } = await import('../../components/git/materialise.ts');
      folder = await context.fs.mkdtemp(join(context.env.TMPDIR ?? '/tmp', 'pipewright-run-'));
      const tree = join(folder, 'tree');
      await context.fs.mkdir(tree);
      await materialise(context, top, commit, tree);
      return tree;
    }),
    close: async () => {
      if (folder !== undefined) await context.fs.rm(folder, { recursive: true, force: true });
    },
  };
}
