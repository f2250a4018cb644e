import { join } from 'node:path';
import type { Context } from '../../../kernel/context.ts';
import { gitIn } from '../../repositories/git.ts';
import type { Pipeline } from '../../world/pipeline.ts';

/** What a job's `GIT_*` variables say of its checkout. */
export interface SourceWish {
  /** Commits of history; 0 is all. */
  readonly depth: number;
  readonly strategy: 'clone' | 'none' | 'empty';
  readonly checkout: boolean;
}

/** GitLab's `ci_default_git_depth` of new projects. */
const defaultDepth = 20;

/** Source: docs.gitlab.com/ci/runners/configure_runners, "Git strategy" and what follows. */
export function sourceWish(variables: Readonly<Record<string, string>>): SourceWish {
  const { GIT_DEPTH: depth = '', GIT_STRATEGY: strategy, GIT_CHECKOUT: checkout } = variables;
  return {
    depth: /^\d+$/.test(depth) ? Number(depth) : defaultDepth,
    strategy: strategy === 'none' || strategy === 'empty' ? strategy : 'clone',
    checkout: checkout !== 'false',
  };
}

/**
 * Fetches a pipeline's commit with its history into a repository that its jobs borrow objects from: what is beyond
 * the depth is as absent as in a runner's clone. @throws TWIN_GIT
 */
export async function fetchSources(
  context: Context,
  from: string,
  to: string,
  { sha }: Pick<Pipeline, 'sha'>,
  depth: number,
): Promise<void> {
  await context.fs.mkdir(to, { recursive: true });
  const git = gitIn(context, to);
  const format = (await gitIn(context, from).run(['rev-parse', '--show-object-format'])).trim();
  await git.run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`]);
  // A path alone would take all history.
  const depths = depth === 0 ? [] : [`--depth=${depth}`];
  const config = ['protocol.version=2', 'protocol.file.allow=always', 'fetch.unpackLimit=1'];
  const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--update-shallow', ...depths];
  await git.run(['fetch', ...flags, '--', `file://${from}`, `+${sha}:refs/pipewright/sources`], { config });
}

/**
 * Makes a checkout as a runner leaves it: a detached HEAD, the pipeline's reference, the branch's or tag's, and
 * `origin`. No hooks and no configuration but this. @throws TWIN_GIT
 *
 * @param sources - as {@link fetchSources} made them
 */
export async function checkOut(
  context: Context,
  sources: string,
  folder: string,
  pipeline: Pick<Pipeline, 'id' | 'sha' | 'ref' | 'tag'>,
  { origin, checkout }: { readonly origin: string; readonly checkout: boolean },
): Promise<void> {
  const { fs } = context;
  const git = join(folder, '.git');
  await fs.mkdir(join(git, 'objects', 'info'), { recursive: true });
  await fs.mkdir(join(git, 'refs'));
  const settings = (await fs.readFile(join(sources, 'config'), 'utf8')).replace(
    'bare = true',
    'bare = false',
  );
  const remote = `[remote "origin"]\n\turl = ${configValue(origin)}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`;
  await fs.writeFile(join(git, 'config'), `${settings}${remote}`);
  await fs.writeFile(join(git, 'HEAD'), `${pipeline.sha}\n`);
  await fs.writeFile(join(git, 'objects', 'info', 'alternates'), `${join(sources, 'objects')}\n`);
  const references = referencesOf(pipeline).map((name) => `${pipeline.sha} ${name}\n`);
  await fs.writeFile(join(git, 'packed-refs'), references.join(''));
  await fs.copyFile(join(sources, 'shallow'), join(git, 'shallow')).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (checkout) await gitIn(context, folder).run(['read-tree', '--reset', '-u', 'HEAD']);
}

/** What a runner fetches besides the pipeline itself: nothing of a merge request. */
function referencesOf({ id, ref, tag }: Pick<Pipeline, 'id' | 'ref' | 'tag'>): readonly string[] {
  const own = `refs/pipelines/${id}`;
  if (ref.startsWith('refs/')) return [own];
  return [own, tag ? `refs/tags/${ref}` : `refs/remotes/origin/${ref}`];
}

function configValue(text: string): string {
  return `"${text.replace(/["\\]/g, String.raw`\$&`).replaceAll('\n', '')}"`;
}
