import { runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import { kindInWords } from '../../components/kernel/schema-terms.ts';
import { errors } from '../../components/session/errors.ts';
import { mostHops } from './continuation-inputs.ts';
import type { RanSession } from './run-session.ts';

export type Carried = Readonly<Record<string, JsonValue>>;

/** What names the session to the next pipeline. */
const ownInputs: readonly string[] = ['session', 'head', 'hop'];

/** @throws SESSION_CARRY */
export function parseCarried(carry: string): Carried {
  let value: unknown;
  try {
    value = JSON.parse(carry === '' ? '{}' : carry);
  } catch (error) {
    throw errors.CARRY({ reason: `it is not JSON: ${(error as Error).message}` });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw errors.CARRY({ reason: `it is ${kindInWords(value)}, expected a mapping` });
  const own = ownInputs.filter((name) => Object.hasOwn(value, name));
  if (own.length > 0) throw errors.CARRY({ reason: `${own.join(', ')} are set by the session itself` });
  return value as Carried;
}

export interface ContinuationWish {
  readonly continuation: boolean;
  /** How many pipelines it has started for itself. */
  readonly hop: number;
  readonly carried: Carried;
  /** Of this job. */
  readonly prefix: string;
}

/** How a session whose job is over goes on: by itself, or what is in the way of that and what a person does. */
export type Continuation =
  | { readonly kind: 'none' }
  | { readonly kind: 'started'; readonly pipeline: number; readonly hop: number }
  | { readonly kind: 'left'; readonly why: string };

/**
 * Starts the pipeline that goes on with a session: with the job's own token, on the branch or tag of this one, and with
 * inputs, since variables may be forbidden. A job token starts no pipeline of a merge request; there a manual job of this
 * pipeline goes on. What GitLab refuses leaves the session as it is.
 */
export async function goOn(
  context: Context,
  { id, head, store, end }: Pick<RanSession, 'id' | 'head' | 'store' | 'end'>,
  { continuation, hop, carried, prefix }: ContinuationWish,
): Promise<Continuation> {
  if (!continuation || end.outcome !== 'continue' || !runsInGitLab(context.env)) return { kind: 'none' };
  const { ref, project } = requireCi(context, 'ref', 'project');
  const left = (why: string): Continuation => ({ kind: 'left', why });
  if (ref.kind === 'merge-request')
    return left(
      `no job may start a pipeline of a merge request: play the job ${prefix}-more-run of this one`,
    );
  if (hop >= mostHops) return left(`it has started ${mostHops} pipelines for itself, which is the limit`);
  if (store.id === 'directory')
    return left('its records are among the artifacts of this job, where no other pipeline finds them');
  const inputs = { ...carried, session: id, head, hop: hop + 1 };
  try {
    const pipeline = await start(context, { project: project.id, ref: ref.name, inputs });
    return { kind: 'started', pipeline, hop: hop + 1 };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return left(`GitLab started no pipeline: ${error.message}`);
  }
}

async function start(
  context: Context,
  { project, ref, inputs }: { readonly project: number; readonly ref: string; readonly inputs: Carried },
): Promise<number> {
  const [{ createGitLab }, { connectionOfJob }, { runTrigger }] = await Promise.all([
    import('../../components/gitlab/client.ts'),
    import('../../components/gitlab/ci-tokens.ts'),
    import('../../components/gitlab/endpoints/triggers.ts'),
  ]);
  const { token, ...connection } = connectionOfJob(context);
  // The endpoint takes the token in its body, whoever's it is.
  const gitlab = createGitLab(context, { ...connection, token: undefined });
  const started = await runTrigger(gitlab, { project, ref, token: token.value, inputs });
  return started.id;
}
