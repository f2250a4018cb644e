// GitLab's own words (lib/gitlab/ci/pipeline/chain and app/models/ci/pipeline.rb).

export const filteredByWorkflow = 'Pipeline filtered out by workflow rules.';
export const filteredByRules =
  'Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.';
export const missingConfig = 'Missing CI config file';
export const missingReference = 'Reference not found';
export const ambiguousReference = 'Ref is ambiguous';
export const mayNotCreate = 'Insufficient permissions to create a new pipeline';
export const mayNotSetVariables = 'Insufficient permissions to set pipeline variables';
export const skipped = 'Pipeline skipped: the commit message says [skip ci].';

export function mayNotRunOn(ref: string): string {
  return `You do not have sufficient permission to run a pipeline on '${ref}'. Please select a different branch or contact your administrator for assistance.`;
}

export function duplicateVariables(keys: readonly string[]): string {
  return `Duplicate variable ${keys.length === 1 ? 'name' : 'names'}: ${keys.join(', ')}`;
}

export function missingNeed(job: string, need: string): string {
  return (
    `'${job}' job needs '${need}' job, but '${need}' does not exist in the pipeline. This might be because of the ` +
    'only, except, or rules keywords. To need a job that sometimes does not exist in the pipeline, use needs:optional.'
  );
}
