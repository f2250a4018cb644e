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
}

export interface Project extends ProjectSettings {
  readonly id: number;
  readonly pathWithNamespace: string;
  /** Undefined where the repository is empty. */
  readonly defaultBranch: string | undefined;
  readonly visibility: 'private' | 'internal' | 'public';
  readonly webUrl: string;
}

const settingNames = [
  'ciConfigPath',
  'onlyAllowMergeIfPipelineSucceeds',
  'allowMergeOnSkippedPipeline',
  'onlyAllowMergeIfAllDiscussionsAreResolved',
  'ciPipelineVariablesMinimumOverrideRole',
  'protectMergeRequestPipelines',
  'keepLatestArtifact',
] as const satisfies readonly (keyof ProjectSettings)[];

const maybe = optional(flag);
const projectShape = record<Project>({
  ...{ id: integer, pathWithNamespace: text, defaultBranch: optional(text), webUrl: text },
  visibility: oneOf(['private', 'internal', 'public']),
  ...{ ciConfigPath: optional(text), ciPipelineVariablesMinimumOverrideRole: optional(text) },
  ...{ onlyAllowMergeIfPipelineSucceeds: maybe, allowMergeOnSkippedPipeline: maybe },
  ...{ onlyAllowMergeIfAllDiscussionsAreResolved: maybe },
  ...{ protectMergeRequestPipelines: maybe, keepLatestArtifact: maybe },
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
