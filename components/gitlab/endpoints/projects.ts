import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { flag, integer, oneOf, optional, record, text, wireFields } from './shape.ts';

const common = {
  jobToken: false,
  tier: 'free',
  since: floor,
  path: '/projects/:project',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/projects',
} as const;

/** What it is set to. Settings are told to developers and above. */
export interface ProjectSettings {
  /** Undefined or empty: `.gitlab-ci.yml`. */
  readonly ciConfigPath: string | undefined;
  readonly onlyAllowMergeIfPipelineSucceeds: boolean | undefined;
  readonly allowMergeOnSkippedPipeline: boolean | undefined;
  readonly onlyAllowMergeIfAllDiscussionsAreResolved: boolean | undefined;
  /** Least role that may give variables to a pipeline: `no_one_allowed`, `developer`, `maintainer`, `owner`. */
  readonly ciPipelineVariablesMinimumOverrideRole: string | undefined;
  readonly protectMergeRequestPipelines: boolean | undefined;
  readonly keepLatestArtifact: boolean | undefined;
  /** `merge`, `rebase_merge`, `ff`. */
  readonly mergeMethod: string | undefined;
  /** Whether everybody who sees the project sees its pipelines' logs. */
  readonly publicJobs: boolean | undefined;
  /** Who may fork it: `disabled`, `private` (its members), `enabled`. */
  readonly forkingAccessLevel: string | undefined;
  /** Commits that a job clones; 0: all. */
  readonly ciDefaultGitDepth: number | undefined;
  readonly ciAllowForkPipelinesToRunInParentProject: boolean | undefined;
  /** Whether a job's token may push to the repository of its own project. */
  readonly ciPushRepositoryForJobTokenAllowed: boolean | undefined;
  readonly sharedRunnersEnabled: boolean | undefined;
  readonly groupRunnersEnabled: boolean | undefined;
}

export interface Project extends ProjectSettings {
  readonly id: number;
  readonly pathWithNamespace: string;
  /** Undefined where the repository is empty. */
  readonly defaultBranch: string | undefined;
  readonly visibility: 'private' | 'internal' | 'public';
  readonly webUrl: string;
  /** What it is a fork of; undefined also where the token does not see that. */
  readonly forkedFromProject: { readonly id: number } | undefined;
  /** Of newer GitLabs: no branch pipeline where the branch has an open merge request. */
  readonly ciSkipBranchPipelinesForMrs: boolean | undefined;
  /** Told with a licence of Premium only. Source: ee/lib/ee/api/entities/project.rb */
  readonly mergePipelinesEnabled: boolean | undefined;
  readonly mergeTrainsEnabled: boolean | undefined;
  /** Told with a licence of Ultimate only. */
  readonly onlyAllowMergeIfAllStatusChecksPassed: boolean | undefined;
}

const settingNames = [
  'ciConfigPath',
  'onlyAllowMergeIfPipelineSucceeds',
  'allowMergeOnSkippedPipeline',
  'onlyAllowMergeIfAllDiscussionsAreResolved',
  'ciPipelineVariablesMinimumOverrideRole',
  'protectMergeRequestPipelines',
  'keepLatestArtifact',
  'mergeMethod',
  'publicJobs',
  'forkingAccessLevel',
  'ciDefaultGitDepth',
  'ciAllowForkPipelinesToRunInParentProject',
  'ciPushRepositoryForJobTokenAllowed',
  'sharedRunnersEnabled',
  'groupRunnersEnabled',
] as const satisfies readonly (keyof ProjectSettings)[];

const maybe = optional(flag);
const projectShape = record<Project>({
  ...{ id: integer, pathWithNamespace: text, defaultBranch: optional(text), webUrl: text },
  visibility: oneOf(['private', 'internal', 'public']),
  forkedFromProject: optional(record({ id: integer })),
  ...{ ciConfigPath: optional(text), ciPipelineVariablesMinimumOverrideRole: optional(text) },
  ...{ onlyAllowMergeIfPipelineSucceeds: maybe, allowMergeOnSkippedPipeline: maybe },
  ...{ onlyAllowMergeIfAllDiscussionsAreResolved: maybe },
  ...{ protectMergeRequestPipelines: maybe, keepLatestArtifact: maybe, publicJobs: maybe },
  ...{
    mergeMethod: optional(text),
    forkingAccessLevel: optional(text),
    ciDefaultGitDepth: optional(integer),
  },
  ...{ ciAllowForkPipelinesToRunInParentProject: maybe, ciPushRepositoryForJobTokenAllowed: maybe },
  ...{ sharedRunnersEnabled: maybe, groupRunnersEnabled: maybe, ciSkipBranchPipelinesForMrs: maybe },
  ...{
    mergePipelinesEnabled: maybe,
    mergeTrainsEnabled: maybe,
    onlyAllowMergeIfAllStatusChecksPassed: maybe,
  },
});

export const getProject = defineEndpoint(
  { ...common, about: 'Get a project and its settings', method: 'GET', role: 'guest', scope: 'read_api' },
  (call, input: OfProject) => call.send(input, json(projectShape)),
);

export const updateProject = defineEndpoint(
  { ...common, about: 'Change settings of a project', method: 'PUT', role: 'maintainer', scope: 'api' },
  (call, input: OfProject & { readonly settings: Partial<ProjectSettings> }) =>
    call.send(input, json(projectShape), { body: { json: wireFields(input.settings, settingNames) } }),
);
