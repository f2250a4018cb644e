import { checkPipelineVariables } from '../../check-variables.ts';
import { note, ok } from '../../lines.ts';
import type { CheckLine } from '../../types.ts';
import { defineCheck } from '../check.ts';
import type { DoctorFacts } from '../facts.ts';

export const check = defineCheck({
  id: 'pipeline-variables',
  topic: 'secrets',
  about:
    'Nobody gives variables to a pipeline: one such as `BASH_ENV` or `NODE_OPTIONS` changes what every program of a job does. Whether merge requests between protected branches see protected variables is told.',
  run: (facts) => [checkPipelineVariables(facts), requestsLine(facts)],
});

/** Source: gitlab.com/groups/gitlab-org/-/epics/17186 */
function requestsLine({ project: { protectMergeRequestPipelines: sees } }: DoctorFacts): CheckLine {
  const name = 'protected variables in merge requests';
  if (sees === false) return ok(name, 'no merge request sees any');
  return note(
    name,
    'where source and target branch are both protected a merge request sees them, so protect no branch that an author writes',
  );
}
