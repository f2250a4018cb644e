import { isInTrain } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import { createGitLab } from '../../components/gitlab/client.ts';
import { runTrigger } from '../../components/gitlab/endpoints/triggers.ts';
import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';

export interface HandOff {
  /** Full path of the project that decides; empty where there is none. */
  readonly project: string;
  readonly ref: string;
  /** Token of a trigger of that project; readable by whoever writes this pipeline, so it opens nothing else. */
  readonly token: string | undefined;
}

/**
 * Asks the trusted project to decide: three numbers, and nothing it would have to believe. What is proposed waits there for
 * nobody: where this fails, its schedule finds the merge request.
 */
export async function handOff(context: Context, { project, ref, token }: HandOff): Promise<void> {
  if (isInTrain(context.env)) {
    context.print('not handed off: a merge train only checks what is about to be merged\n');
    return;
  }
  const sweep = `the schedule of ${project} will find this merge request`;
  if (token === undefined || token === '') {
    context.log.info(
      `not handed off: PIPEWRIGHT_TRIGGER_TOKEN is not set here (pipelines of forks never have it); ${sweep}`,
    );
    return;
  }
  const { mergeRequest, pipeline, server, job } = requireCi(
    context,
    'mergeRequest',
    'pipeline',
    'server',
    'job',
  );
  const gitlab = createGitLab(context, { apiUrl: server.apiUrl, token: undefined, deadline: job.deadline });
  const inputs = {
    project: mergeRequest.target.projectId,
    'merge-request': mergeRequest.iid,
    pipeline: pipeline.id,
  };
  try {
    const started = await runTrigger(gitlab, { project, ref, token, inputs });
    context.print(`handed off to ${project}: pipeline ${started.id} decides\n`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.log.warning(`not handed off: ${error.message}; ${sweep}`);
  }
}
