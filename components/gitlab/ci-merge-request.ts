import type { MergeRequestFacts } from '../tools/types.ts';
import { type Environment, type Variable, variables } from './ci-context.ts';
import type { MergeRequestPart } from './ci-types.ts';

/**
 * What a pipeline of a merge request is told of it. Who opened it is not: the user of a job is whoever started the pipeline.
 * GitLab gives the first 2,700 characters of the description.
 */
export function readMergeRequestFacts(
  env: Environment,
  { iid, source, target }: MergeRequestPart,
): MergeRequestFacts {
  const text = ({ name }: Variable) => (env[name] === '' ? undefined : env[name]);
  const draft = text(variables.mergeRequestDraft);
  return {
    iid,
    title: text(variables.mergeRequestTitle),
    description: text(variables.mergeRequestDescription),
    isCut: text(variables.mergeRequestDescriptionCut) === 'true',
    labels: text(variables.mergeRequestLabels)?.split(',') ?? [],
    author: undefined,
    sourceBranch: source.branch,
    targetBranch: target.branch,
    state: undefined,
    draft: draft === undefined ? undefined : draft === 'true',
  };
}
