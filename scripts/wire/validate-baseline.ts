import { relative, resolve, sep } from 'node:path';
import { openFolders } from '../../components/git/folder-files.ts';
import { git } from '../../components/git/git.ts';
import type { CiContext } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import { fileErrors, inputErrors } from '../../components/kernel/errors.ts';
import { Failure, Failures } from '../../components/kernel/failure.ts';
import { assertNoLinks, readTextFile, writeFileAtomic } from '../../components/kernel/files.ts';
import type { CheckedFile } from '../../components/kernel/finding.ts';
import { errors } from '../../components/manifest/baseline/errors.ts';
import { parseBaseline } from '../../components/manifest/baseline/parse.ts';
import type { BaselineFinding } from '../../components/manifest/baseline.gen.ts';
import {
  type BaselineUse,
  compareWithBaseline,
  makeBaseline,
  mostBaselineBytes,
  renderBaseline,
} from '../../components/manifest/baseline.ts';
import { version } from './version.ts';

export interface BaselineInputs {
  readonly baseline: string;
  readonly 'update-baseline': boolean;
}

/**
 * Tells old findings from new ones, by the baseline that the inputs name; before that it writes it anew where that is asked
 * for. Undefined where there is none. @throws INPUT_REQUIRED, BASELINE_…, FILE_…
 */
export async function applyBaseline(
  context: Context,
  ci: CiContext,
  files: readonly CheckedFile[],
  { baseline: file, 'update-baseline': isUpdate }: BaselineInputs,
): Promise<BaselineUse | undefined> {
  if (file === '') {
    if (isUpdate) throw inputErrors.REQUIRED({ flag: 'baseline', env: undefined });
    return undefined;
  }
  if (isUpdate) await updateBaseline(context, file, files);
  const { known, commit } = await readBaseline(context, ci, file);
  const compared = compareWithBaseline(files, known, await findAbsent(context, known));
  return { file, ...(commit === undefined ? {} : { commit }), ...compared };
}

async function updateBaseline(context: Context, file: string, files: readonly CheckedFile[]): Promise<void> {
  await assertNoLinks(context, file);
  // What is no baseline is an error here: a wrong name would replace a manifest.
  const text = await readHere(context, file);
  const known = text === undefined ? [] : await parseBaseline(file, text);
  const findings = makeBaseline(files, known, await findAbsent(context, known));
  await writeFileAtomic(context, resolve(context.cwd, file), renderBaseline(file, version, findings));
  context.log.info(`${file} lists ${findings.length} findings`);
}

interface ReadBaseline {
  readonly known: readonly BaselineFinding[];
  readonly commit: string | undefined;
}

/**
 * Whoever may change a merge request may change the file in it, so there the one of the commit counts that its changes
 * begin at; where that is not to be had nothing is old. @throws BASELINE_MISSING, BASELINE_INVALID, BASELINE_FORMAT
 */
async function readBaseline(context: Context, ci: CiContext, file: string): Promise<ReadBaseline> {
  const here = await readHere(context, file);
  // Also in a merge request: what is broken shall not be merged.
  const known = here === undefined ? undefined : await parseBaseline(file, here);
  if (ci.mergeRequest === undefined) {
    if (known === undefined) throw errors.MISSING({ file });
    return { known, commit: undefined };
  }
  const { diffBaseSha: commit } = ci.mergeRequest;
  const nothing = (reason: string): ReadBaseline => {
    context.log.warning(`no finding counts as old: ${reason}`);
    return { known: [], commit };
  };
  if (commit === undefined) return nothing('the merge request has no diff base to read the baseline from');
  try {
    const there = await readAt(context, commit, file);
    if (there === undefined && here === undefined) throw errors.MISSING({ file });
    if (there === undefined) return nothing(`${file} is not in the commit that the merge request begins at`);
    if (there !== here)
      context.log.warning(`${file} differs from that of the diff base, which is the one that counts here`);
    return { known: await parseBaseline(file, there), commit };
  } catch (error) {
    // Not an error: the merge request that mends it could not pass.
    const failure = error instanceof Failures ? error.failures[0] : error;
    if (!(failure instanceof Failure) || failure.code === errors.MISSING.code) throw error;
    return nothing(`the baseline of the diff base cannot be read: ${failure.message}`);
  }
}

/** Undefined where there is no such file. @throws FILE_… */
async function readHere(context: Context, file: string): Promise<string | undefined> {
  try {
    return await readTextFile(context, file, { maxBytes: mostBaselineBytes });
  } catch (error) {
    if (error instanceof Failure && error.code === fileErrors.NOT_FOUND.code) return undefined;
    throw error;
  }
}

/** The text of a file in a commit, by its name: a link there leads nowhere. @throws GIT_… */
async function readAt(context: Context, commit: string, file: string): Promise<string | undefined> {
  const found = await git(context, context.cwd, ['rev-parse', '--show-toplevel']);
  const top = found.stdout.replace(/\n$/, '');
  const folder = await context.fs.realpath(context.cwd);
  const path = relative(top, resolve(folder, file)).split(sep).join('/');
  const [files] = await openFolders(context, context.cwd, [commit], [path]);
  return files.read(path);
}

/** Files of the baseline that are not there any more. */
async function findAbsent(context: Context, known: readonly BaselineFinding[]): Promise<ReadonlySet<string>> {
  const names = [...new Set(known.map(({ file }) => file))];
  const absent = await Promise.all(
    names.map(async (name) => {
      const there = await context.fs.lstat(resolve(context.cwd, name)).catch(() => undefined);
      return there === undefined ? [name] : [];
    }),
  );
  return new Set(absent.flat());
}
