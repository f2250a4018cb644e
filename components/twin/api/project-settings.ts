import { invalidParameter } from '../server/reply.ts';
import type { Project, ProjectSettings } from '../world/project.ts';
import { flagOf, numberOf, textOf } from './given.ts';

type Given = Readonly<Record<string, unknown>>;

const visibilities = ['private', 'internal', 'public'] as const;
const words = {
  ci_pipeline_variables_minimum_override_role: ['no_one_allowed', 'developer', 'maintainer', 'owner'],
  merge_method: ['merge', 'rebase_merge', 'ff'],
  forking_access_level: ['disabled', 'private', 'enabled'],
  squash_option: ['never', 'always', 'default_on', 'default_off'],
} as const;
const flags = [
  'only_allow_merge_if_pipeline_succeeds',
  'allow_merge_on_skipped_pipeline',
  'only_allow_merge_if_all_discussions_are_resolved',
  'ci_job_token_scope_enabled',
  'ci_push_repository_for_job_token_allowed',
  'protect_merge_request_pipelines',
  'remove_source_branch_after_merge',
  'keep_latest_artifact',
  'shared_runners_enabled',
  'group_runners_enabled',
  'public_jobs',
  'ci_allow_fork_pipelines_to_run_in_parent_project',
  'merge_pipelines_enabled',
] as const;

const text = { type: 'string' };

/** What both the creation and the change of a project take. Source: docs.gitlab.com/api/projects */
export const settingsProperties: Readonly<Record<string, object>> = {
  name: text,
  description: { type: ['string', 'null'] },
  default_branch: text,
  visibility: { enum: visibilities },
  ci_config_path: { type: ['string', 'null'] },
  build_timeout: { type: 'integer' },
  ci_default_git_depth: { type: 'integer', minimum: 0, maximum: 1000 },
  ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' }])),
  ...Object.fromEntries(Object.entries(words).map(([name, options]) => [name, { enum: options }])),
};

/** @throws Refusal 400 before anything has changed */
export function applySettings(project: Project, sent: Given): void {
  const visibility = sent.visibility === undefined ? undefined : wordIn(sent, 'visibility', visibilities);
  const settings = parseSettings(sent);
  project.name = textOf(sent.name) ?? project.name;
  if (sent.description !== undefined) project.description = textOf(sent.description) ?? '';
  project.visibility = visibility ?? project.visibility;
  Object.assign(project.settings, settings);
}

function parseSettings(sent: Given): Partial<ProjectSettings> {
  const settings: Partial<ProjectSettings> = {};
  for (const name of flags) {
    const flag = flagOf(sent[name]);
    if (flag !== undefined) settings[name] = flag;
  }
  const role = 'ci_pipeline_variables_minimum_override_role';
  if (sent[role] !== undefined) settings[role] = wordIn(sent, role, words[role]);
  if (sent.merge_method !== undefined) {
    settings.merge_method = wordIn(sent, 'merge_method', words.merge_method);
  }
  if (sent.squash_option !== undefined) {
    settings.squash_option = wordIn(sent, 'squash_option', words.squash_option);
  }
  if (sent.forking_access_level !== undefined) {
    settings.forking_access_level = wordIn(sent, 'forking_access_level', words.forking_access_level);
  }
  const depth = numberOf(sent.ci_default_git_depth);
  if (depth !== undefined) settings.ci_default_git_depth = depth;
  // Empty is GitLab's way to write the usual file.
  if (sent.ci_config_path !== undefined)
    settings.ci_config_path = textOf(sent.ci_config_path) || '.gitlab-ci.yml';
  const timeout = numberOf(sent.build_timeout);
  if (sent.build_timeout !== undefined && (timeout === undefined || timeout < 600)) {
    throw invalidParameter('build_timeout needs to be between 10 minutes and 1 month');
  }
  if (timeout !== undefined) settings.build_timeout = timeout;
  return settings;
}

function wordIn<Word extends string>(sent: Given, name: string, options: readonly Word[]): Word {
  const found = options.find((option) => option === sent[name]);
  if (found === undefined) throw invalidParameter(`${name} does not have a valid value`);
  return found;
}
