import { basename, join, resolve } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { compareFindings, type Finding } from '../kernel/finding.ts';
import { checkConfig } from './check/check.ts';
import { twinErrors } from './errors.ts';
import { isProjectPath, type Project, readProject } from './execute/project.ts';
import { executePipeline } from './execute/run.ts';
import { pipelineVariables, slug } from './execute/variables.ts';
import { inWorkspace, type Workspace } from './execute/workspace.ts';
import { createProjectFiles, type ServedProject, serveFolder } from './projects.ts';
import { render } from './render/render.ts';
import type { RenderProblem } from './render/types.ts';
import type { EventKind, FlatConfig, Machine, PipelineEvent, PipelineResult } from './types.ts';

export interface LocalRequest {
  readonly event: EventKind;
  readonly job: string | undefined;
  readonly file: string;
  /** `group/path=dir`, each. */
  readonly projects: readonly string[];
  /** Served without being asked for, unless a project of that path is given. */
  readonly ownProjects: ReadonlyMap<string, string>;
  readonly path: string | undefined;
  readonly server: string | undefined;
  readonly sourceBranch: string | undefined;
  readonly targetBranch: string | undefined;
  /** `NAME=value`, each. */
  readonly variables: readonly string[];
  readonly schemaFile: string | undefined;
  readonly out: string;
  /** Render and check only. */
  readonly dryRun: boolean;
}

export interface LocalResult {
  readonly findings: readonly Finding[];
  readonly notices: readonly string[];
  /** The flat configuration as YAML; undefined where it cannot be rendered. */
  readonly yaml: string | undefined;
  /** Undefined for a dry run, and where an error was found. */
  readonly pipeline: PipelineResult | undefined;
}

/**
 * Tries the pipeline of an event: renders, checks and runs it. What is wrong with the configuration is a result.
 * @throws TWIN_NO_REPOSITORY, TWIN_NO_TARGET, TWIN_NO_JOB, TWIN_JOB_REQUIRED, TWIN_FORM, TWIN_EXECUTOR
 */
export async function runLocal(
  context: Context,
  machine: Machine,
  request: LocalRequest,
): Promise<LocalResult> {
  if ((request.event === 'manual') !== (request.job !== undefined)) {
    throw twinErrors.JOB_REQUIRED({ event: request.event });
  }
  const given = pairsOf('variable', request.variables, /^[A-Za-z_]\w*$/, 'NAME=value');
  const folders = pairsOf('project', request.projects, isProjectPath, 'group/path=folder');
  const project = await readProject(context, context.cwd);
  const event = eventOf(project, request);
  return inWorkspace(context, machine, project, event, async (workspace) => {
    const variables = { ...pipelineVariables(event, workspace.facts), ...given };
    const { snapshot, temporary } = workspace;
    const files = createProjectFiles(
      context,
      await serve(context, request, folders, event, project, workspace),
    );
    const { path, server } = event.place;
    const source = { project: path, sha: snapshot.sha, file: request.file };
    const rendered = await render({ ...source, serverFqdn: server, variables, files });
    if (!rendered.ok) return refused(rendered.problems.map((problem) => findingOf(problem, path)));
    const text = (await files.read(path, snapshot.sha, request.file)) ?? '';
    const { config } = rendered;
    const { schemaFile } = request;
    const checked = await checkConfig(context, { config, file: request.file, text, schemaFile, temporary });
    const warnings = rendered.warnings.map((problem) => findingOf(problem, path));
    const findings = [...warnings, ...checked.findings].sort(compareFindings);
    const wrong = findings.some(({ severity }) => severity === 'error');
    const result = { findings, notices: checked.notices, yaml: rendered.yaml };
    if (wrong || request.dryRun) return { ...result, pipeline: undefined };
    const pipeline = await execute(context, machine, request, event, workspace, checked.config, variables);
    return { ...result, pipeline };
  });
}

function refused(findings: readonly Finding[]): LocalResult {
  return { findings: findings.toSorted(compareFindings), notices: [], yaml: undefined, pipeline: undefined };
}

function execute(
  context: Context,
  machine: Machine,
  { job, out }: LocalRequest,
  event: PipelineEvent,
  workspace: Workspace,
  config: FlatConfig,
  variables: Readonly<Record<string, string>>,
): Promise<PipelineResult> {
  const { facts } = workspace;
  const request = {
    machine,
    event,
    facts,
    config,
    variables,
    job,
    out: resolve(context.cwd, out),
  };
  return executePipeline(context, workspace, request);
}

function pairsOf(
  flag: string,
  pairs: readonly string[],
  name: RegExp | ((text: string) => boolean),
  expected: string,
): Record<string, string> {
  const matches = (text: string) => (name instanceof RegExp ? name.test(text) : name(text));
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0 || !matches(pair.slice(0, equals))) throw twinErrors.FORM({ flag, got: pair, expected });
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function eventOf(project: Project, request: LocalRequest): PipelineEvent {
  const { event: kind, server, path } = request;
  const { branch, defaultBranch, origin } = project;
  const targetBranch = request.targetBranch ?? defaultBranch;
  // Nothing is merged into itself: on the target, what would be merged is a branch not made yet.
  const unnamed = kind === 'merge-request' && (branch === undefined || branch === targetBranch);
  const expected = 'group/name';
  if (path !== undefined && !isProjectPath(path))
    throw twinErrors.FORM({ flag: 'path', got: path, expected });
  return {
    ...{ kind, targetBranch, defaultBranch },
    sourceBranch: request.sourceBranch ?? (unnamed ? 'local-changes' : (branch ?? defaultBranch)),
    place: {
      server: server ?? origin?.host ?? 'gitlab.local',
      path: path ?? origin?.path ?? `local/${slug(basename(project.root)) || 'project'}`,
    },
  };
}

async function serve(
  context: Context,
  request: LocalRequest,
  folders: Readonly<Record<string, string>>,
  event: PipelineEvent,
  project: Project,
  { snapshot }: Workspace,
): Promise<ReadonlyMap<string, ServedProject>> {
  const served = new Map<string, ServedProject>();
  for (const [path, folder] of [...request.ownProjects, ...Object.entries(folders)]) {
    served.set(path, await serveFolder(context, resolve(context.cwd, folder)));
  }
  return served.set(event.place.path, {
    repository: project.root,
    tree: snapshot.folder,
    treeSha: snapshot.sha,
    branch: event.sourceBranch,
  });
}

function findingOf(problem: RenderProblem, own: string): Finding {
  const { code, severity, message, project, file, line = 1, column = 1, suggestion } = problem;
  return {
    ...{ code, severity, message, line, column, path: '' },
    file: project === own ? file : join(project, file),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
