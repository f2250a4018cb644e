import type { PipelineRequest } from '../ports.ts';
import { isAtLeastRole, levelOf, mayWriteBranch, protectionOf } from '../world/access.ts';
import { accessLevels, type User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { World } from '../world/world.ts';
import { mergeRequestOf } from './facts.ts';
import { duplicateVariables, mayNotCreate, mayNotRunOn, mayNotSetVariables } from './messages.ts';

/** The file variable with what a trigger was sent, but for its token. Source: app/services/ci/pipeline_trigger_service.rb */
export const triggerPayload = 'TRIGGER_PAYLOAD';

/** Why GitLab refuses a pipeline to the one who asks; undefined: it does not. */
export function refusalOf(world: World, request: PipelineRequest, tag: boolean): string | undefined {
  const { project, user, ref } = request;
  if (!isAtLeastRole(user, project, 'developer')) return mayNotCreate;
  const shown = mergeRequestOf(world, request)?.mergeRequest.sourceBranch ?? ref;
  if (!mayRunOn(world, request, tag)) return mayNotRunOn(shown);
  return variablesRefusal(request);
}

/**
 * Who may not write to a branch or make a tag may not run pipelines on it either.
 * Source: docs.gitlab.com/ci/pipelines/#pipeline-security-on-protected-branches
 */
function mayRunOn(world: World, request: PipelineRequest, tag: boolean): boolean {
  const { project, user, ref } = request;
  if (tag) {
    const rule = protectionOf(project.protectedTags, ref);
    const level = levelOf(user, project);
    return rule === undefined || (rule.pushLevel !== accessLevels.none && level >= rule.pushLevel);
  }
  const facts = mergeRequestOf(world, request);
  if (facts === undefined) return mayWrite(user, project, ref);
  // In the parent project it is the merge request of a fork that one of its members runs.
  return facts.source?.id !== project.id || mayWrite(user, project, facts.mergeRequest.sourceBranch);
}

function mayWrite(user: User, project: Project, branch: string): boolean {
  return mayWriteBranch(user, project, branch, 'push') || mayWriteBranch(user, project, branch, 'merge');
}

/**
 * Variables from outside need the role the project asks for; those of a schedule are its own, and a child pipeline
 * gets what its parent had. The payload of a trigger is GitLab's own doing and counts for none.
 * Source: docs.gitlab.com/ci/variables/#restrict-pipeline-variables; gitlab.com/gitlab-org/gitlab/-/issues/557381
 */
function variablesRefusal({ project, user, source, variables = [] }: PipelineRequest): string | undefined {
  const keys = variables.map(({ key }) => key);
  const twice = [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))];
  const own = source === 'schedule' || source === 'parent_pipeline';
  const given = keys.filter((key) => source !== 'trigger' || key !== triggerPayload);
  if (!own && given.length > 0 && !maySetVariables(user, project)) return mayNotSetVariables;
  return twice.length === 0 ? undefined : duplicateVariables(twice);
}

/** Whether somebody may give variables to a pipeline or to a job that is played. */
export function maySetVariables(user: User, project: Project): boolean {
  const role = project.settings.ci_pipeline_variables_minimum_override_role;
  return role !== 'no_one_allowed' && isAtLeastRole(user, project, role);
}

/**
 * Whether a pipeline sees protected variables. That of a merge request does where its project lets it, both branches
 * are protected ones of this project, and its user may write to the target (18.4).
 * Source: docs.gitlab.com/ci/pipelines/merge_request_pipelines/#control-access-to-protected-variables-and-runners
 */
export function isProtectedPipeline(world: World, request: PipelineRequest, tag: boolean): boolean {
  const { project, user, ref } = request;
  const facts = mergeRequestOf(world, request);
  if (facts === undefined) {
    return protectionOf(tag ? project.protectedTags : project.protectedBranches, ref) !== undefined;
  }
  const { mergeRequest, target, source } = facts;
  if (!project.settings.protect_merge_request_pipelines) return false;
  if (target.id !== project.id || source?.id !== project.id) return false;
  const branches = [mergeRequest.sourceBranch, mergeRequest.targetBranch];
  const protectedBoth = branches.every((branch) => protectionOf(project.protectedBranches, branch));
  return protectedBoth && mayWrite(user, project, mergeRequest.targetBranch);
}
