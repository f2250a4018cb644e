import { relative, resolve, sep } from 'node:path';
import { openRepository } from '../../components/git/objects.ts';
import { runsInGitLab, variables } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { variableNamed } from '../../components/kernel/input-types.ts';
import { isKeyVariable } from '../../components/sandbox/broker/key-names.ts';
import { errors } from '../../components/session/errors.ts';
import { applySecrets } from './apply-connection.ts';
import type { FoundCommits } from './found-commits.ts';
import { storeInputs } from './session-inputs.ts';

/** What `run` itself is given in secret. */
const declared = Object.entries({ ...storeInputs, ...applySecrets } as InputDeclarations)
  .filter(([, declaration]) => declaration.secret === true)
  .map(([name, declaration]) => variableNamed(name, declaration));

/** How keys of models and tokens that write are called. GitLab's own variables are in every job. */
const keyNames = /(?:^|_)(?:API_?KEY|AUTH_TOKEN|ACCESS_TOKEN)$|^(?:GITLAB|GL|HF)_TOKEN$/;

export interface Steering extends FoundCommits {
  /** As it was given, and where that leads to in the repository. */
  readonly file: string;
  readonly path: string;
  readonly text: string;
}

/**
 * In a merge request's job that has a secret, an agent runs only as its target branch has it: a changed one would use the secret
 * for what its author wants. Without any secret a changed agent runs, so that its author can try it.
 * @returns whether it is held to the target branch
 * @throws SESSION_CHANGED_WITH_SECRET
 */
export async function assertSteering(context: Context, steering: Steering): Promise<boolean> {
  const { env } = context;
  if (!runsInGitLab(env) || (env[variables.mergeRequestIid.name] ?? '') === '') return false;
  const secrets = secretsIn(context);
  if (secrets.length === 0) return false;
  if (await isOfTarget(context, steering)) return true;
  throw errors.CHANGED_WITH_SECRET({ file: steering.file, secrets: secrets.join(', ') });
}

/** Those that a broker has taken count: it would use them for whatever the agent asks. */
function secretsIn({ env, broker }: Context): readonly string[] {
  const isSecret = (name: string) => declared.includes(name) || isKeyVariable(name) || keyNames.test(name);
  const names = Object.keys(env).filter((name) => isSecret(name) && (env[name] ?? '').trim() !== '');
  return [...names, ...(broker?.keys ?? [])].sort();
}

async function isOfTarget(context: Context, { top, target, file, path, text }: Steering): Promise<boolean> {
  const { base, head } = target;
  const cwd = await context.fs.realpath(context.cwd);
  // A link may have been turned to another manifest that is of the target branch, too.
  if (relative(top, resolve(cwd, file)).split(sep).join('/') !== path) return false;
  if (base === head) return false;
  const at = async (commit: string) =>
    (await openRepository(context, top, { base, head: commit })).readFile(path);
  const before = await at(base);
  if (before === undefined) return false;
  if (before === text) return true;
  // A pipeline of merged results has checked out what the target branch has become since.
  const merged = context.env[variables.commitSha.name] ?? '';
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(merged) || merged === head) return false;
  return (await at(head)) === before && (await at(merged)) === text;
}
