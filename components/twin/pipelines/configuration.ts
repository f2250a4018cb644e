import type { Context } from '../../kernel/context.ts';
import { renderPath } from '../../kernel/place.ts';
import { checkJobs } from '../check/jobs.ts';
import { type CiSchema, checkCiSchema } from '../check/schema.ts';
import type { PipelineRequest, Repositories } from '../ports.ts';
import { mappingOf } from '../render/merge.ts';
import { render } from '../render/render.ts';
import type { ProjectFiles, RenderProblem } from '../render/types.ts';
import { resolveConfig } from '../resolve.ts';
import type { FlatConfig } from '../types.ts';
import type { World } from '../world/world.ts';
import { expandForRules } from './expansion.ts';
import type { PipelineFacts } from './facts.ts';
import { missingConfig } from './messages.ts';
import { serverFqdn } from './predefined.ts';
import { createWorldFiles } from './project-files.ts';
import { knownVariables } from './variables.ts';

export interface ConfigurationParts {
  readonly context: Context;
  readonly world: World;
  readonly repositories: Repositories;
  readonly schema: CiSchema;
  /** Other names components are included by, `gitlab.com`: projects made for a server with a name of its own. */
  readonly serverAliases: readonly string[];
}

export type Configuration = {
  /** Undefined where there is none. */
  readonly file: ConfigurationFile | undefined;
  /** Mistakes and warnings with their places, as the renderer found them. */
  readonly problems: readonly RenderProblem[];
  /** Without includes and inputs; undefined where it cannot be rendered. */
  readonly rendered: RenderedConfiguration | undefined;
} & (
  | {
      readonly ok: true;
      /** Without includes, inputs, `extends` and `!reference`. */
      readonly config: FlatConfig;
      readonly warnings: readonly string[];
    }
  /** Every mistake, in GitLab's words where they are known. */
  | {
      readonly ok: false;
      readonly missing: boolean;
      readonly errors: readonly string[];
      readonly warnings: readonly string[];
    }
);

export interface RenderedConfiguration {
  /** `extends` and `!reference` as written. */
  readonly config: FlatConfig;
  readonly yaml: string;
}

/** The file people wrote. */
export interface ConfigurationFile {
  readonly project: string;
  readonly sha: string;
  readonly path: string;
  readonly text: string;
}

/** Is shown what a pipeline is made from, before it is. */
export type ConfigurationLook = (
  request: PipelineRequest,
  configuration: Configuration,
) => Promise<void> | void;

/** Stands for a configuration that is no file of the project. */
const givenText = 'the given configuration';

/** Reads and checks the configuration of a pipeline, as its user may read it. */
export async function readConfiguration(
  parts: ConfigurationParts,
  request: Pick<PipelineRequest, 'project' | 'sha' | 'user' | 'inputs' | 'config'>,
  facts: PipelineFacts,
): Promise<Configuration> {
  const { world } = parts;
  const { user, config, inputs } = request;
  const served = createWorldFiles(parts, user);
  const files = config !== undefined && 'text' in config ? withText(served, config.text) : served;
  const place = await placeOf(files, request);
  const text = place && (await files.read(place.project, place.sha, place.file));
  if (place === undefined || text === undefined) {
    const nothing = { file: undefined, rendered: undefined, problems: [], warnings: [] };
    return { ...nothing, ok: false, missing: true, errors: [missingConfig] };
  }
  const file = { project: place.project, sha: place.sha, path: place.file, text };
  const known = knownVariables(facts);
  const rendered = await render({
    ...place,
    serverFqdn: serverFqdn(world.url),
    serverAliases: parts.serverAliases,
    variables: Object.fromEntries(expandForRules(latest(known))),
    maskedVariables: known.filter(({ masked }) => masked).map(({ key }) => key),
    files,
    ...(inputs === undefined ? {} : { inputs }),
  });
  const problems = rendered.ok ? rendered.warnings : rendered.problems;
  const messagesOf = (isError: boolean) =>
    problems.filter(({ severity }) => (severity === 'error') === isError).map(({ message }) => message);
  const whole = rendered.ok ? { config: rendered.config, yaml: rendered.yaml } : undefined;
  const common = { file, problems, rendered: whole, warnings: messagesOf(false) };
  if (!rendered.ok) return { ...common, ok: false, missing: false, errors: messagesOf(true) };
  const { config: flat, errors } = await check(parts, rendered.config);
  return errors.length > 0
    ? { ...common, ok: false, missing: false, errors }
    : { ...common, ok: true, config: flat };
}

/** One of each name, the later. */
export function latest<V extends { readonly key: string }>(variables: readonly V[]): readonly V[] {
  return [...new Map(variables.map((variable) => [variable.key, variable])).values()];
}

async function placeOf(
  files: ProjectFiles,
  { project, sha, config }: Pick<PipelineRequest, 'project' | 'sha' | 'config'>,
): Promise<{ project: string; sha: string; file: string } | undefined> {
  if (config !== undefined && 'text' in config) return { project: project.path, sha, file: givenText };
  const path = config?.file ?? project.settings.ci_config_path;
  const [file = '', elsewhere] = path.split('@');
  if (elsewhere === undefined) return { project: project.path, sha, file };
  // `path@group/project:ref`: docs.gitlab.com/ci/pipelines/settings/#specify-a-custom-cicd-configuration-file
  const [other = '', ref = 'HEAD'] = elsewhere.split(':');
  const found = await files.resolve(other, ref);
  return found && { project: other, sha: found.sha, file };
}

function withText(files: ProjectFiles, text: string): ProjectFiles {
  return {
    ...files,
    read: async (project, sha, path) => (path === givenText ? text : files.read(project, sha, path)),
  };
}

async function check(
  { schema }: ConfigurationParts,
  rendered: FlatConfig,
): Promise<{ readonly config: FlatConfig; readonly errors: readonly string[] }> {
  const { config, problems } = resolveConfig(rendered);
  const broken = new Set(problems.map(({ job }) => job));
  const whole = mappingOf(Object.entries(config).filter(([key]) => !broken.has(key)));
  const issues = (await checkCiSchema(whole, schema)) ?? [];
  const errors = [
    ...problems.map(({ message }) => message),
    ...checkJobs(config, broken).map(({ message }) => message),
    ...issues.map(({ path, message }) => `${renderPath(path)}: ${message}`),
  ];
  return { config, errors };
}
