import { requireCi } from '../../components/gitlab/ci-parts.ts';
import { createGitLab } from '../../components/gitlab/client.ts';
import { runTrigger } from '../../components/gitlab/endpoints/triggers.ts';
import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import type { InputDeclarations } from '../../components/kernel/input-types.ts';

/** Where decisions are made, and what is asked for there. */
export const handOffInputs = {
  'trusted-project': {
    type: 'string',
    description: 'Full path of the project that decides and applies; empty hands nothing off',
    pattern: /([A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+)?/,
    default: '',
    security: true,
  },
  'trusted-ref': {
    type: 'string',
    description: 'Protected branch of the trusted project that decides',
    pattern: /[A-Za-z0-9_][A-Za-z0-9_./-]*/,
    default: 'main',
    security: true,
  },
  'hand-off': {
    type: 'string',
    description:
      'What is handed off: pipelines that propose something, or always, for sessions in the trusted project',
    options: ['proposals', 'always'],
    default: 'proposals',
    security: true,
  },
  'trigger-token': {
    type: 'string',
    description: 'Trigger token of the trusted project, from a masked variable',
    secret: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;

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
