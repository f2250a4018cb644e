// What a job of these tests calls as `pipewright <text> [<variable with an access token>]`: writes or changes its note.

import { requireCi } from '../../../components/gitlab/ci-parts.ts';
import { connectionOfJob } from '../../../components/gitlab/ci-tokens.ts';
import { createGitLab } from '../../../components/gitlab/client.ts';
import { convergeNote } from '../../../components/gitlab/endpoints/converge-note.ts';
import { createNote } from '../../../components/gitlab/endpoints/notes.ts';
import { currentUser } from '../../../components/gitlab/endpoints/users.ts';
import { Failure } from '../../../components/kernel/failure.ts';
import { testContext } from '../../support/cli.ts';

const [text = '', variable] = process.argv.slice(2);
const context = testContext(process.cwd(), { env: process.env });
const marker = '<!-- check -->';

try {
  const { pipeline, mergeRequest } = requireCi(context, 'pipeline', 'mergeRequest');
  const gitlab = createGitLab(context, connectionOfJob(context, variable));
  const target = { project: mergeRequest.target.projectId, mergeRequest: mergeRequest.iid };
  const body = `${text} in pipeline ${pipeline.iid}\n\n${marker}`;
  // A job token cannot ask who it is.
  if (variable === undefined) await createNote(gitlab, { ...target, marker, author: 1, body });
  else {
    const author = (await currentUser(gitlab)).id;
    const { done } = await convergeNote(gitlab, target, { marker, author, body });
    process.stdout.write(`note ${done}\n`);
  }
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stdout.write(`${error.code}: ${error.message}\n${error.fix}\n`);
  process.exitCode = 3;
}
