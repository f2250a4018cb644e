import { existsSync, mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Context } from '../../components/kernel/context.ts';
import { ciSchemaOf } from '../../components/twin/check/schema.ts';
import { applyTwinFile } from '../../components/twin/setup/apply-twin-file.ts';
import type { TwinFile, TwinProject } from '../../components/twin/setup/twin-file.gen.ts';
import { type RunningTwin, startTwin, type TwinOptions } from '../../components/twin/twin.ts';
import type { Machine } from '../../components/twin/types.ts';
import type { Job, Pipeline } from '../../components/twin/world/pipeline.ts';
import type { Project } from '../../components/twin/world/project.ts';
import { findProject, findUser } from '../../components/twin/world/world.ts';
import { atEnd } from '../support/at-end.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, workspace, writeFiles } from '../support/workspace.ts';

const reference = resolve('../shared/data/gitlab');

/** GitLab's own descriptions of requests and of CI configuration, where they are beside the checkout. */
const descriptions = existsSync(reference)
  ? { openApi: join(reference, 'openapi-excerpt.yaml'), schema: join(reference, 'ci.schema.json') }
  : { openApi: undefined, schema: undefined };

/** This machine, with a `pipewright` that tells its name and a folder of its own for temporary files. */
export function testMachine(change: Partial<Machine> = {}): Machine {
  const entry = join(workspace(), 'our-pipewright.mjs');
  writeFiles(join(entry, '..'), {
    'our-pipewright.mjs': `console.log('our pipewright', process.argv.slice(2).join(' '));\n`,
  });
  return {
    node: process.execPath,
    entry,
    temporary: workspace(),
    programs: ['/usr/local/bin', '/usr/bin', '/bin'],
    // As in a checkout.
    compileCache: resolve('node_modules/.cache/pipewright'),
    ...change,
  };
}

export interface TestTwin extends RunningTwin {
  readonly tokenOf: (user: string) => string;
  /** A project with these files in one commit on main, which its default branch is; nothing has run. */
  readonly addProject: (
    path: string,
    files: Readonly<Record<string, string>>,
    settings?: TwinProject,
  ) => Promise<Project>;
  readonly project: (path: string) => Project;
  /** Commits to a branch (new ones begin at the default branch), which is a push, and gives the commit. */
  readonly push: (
    path: string,
    branch: string,
    files: Readonly<Record<string, string | null>>,
    user?: string,
  ) => Promise<string>;
  /** Resolves with the newest pipeline of a project once it has settled. */
  readonly newest: (path: string) => Promise<Pipeline>;
  /** The last attempt of a job. */
  readonly job: (pipeline: Pipeline, name: string) => Job;
  /** Answer of the API as JSON; fails for anything but success. */
  readonly api: (
    method: string,
    path: string,
    options?: { readonly as?: string; readonly json?: unknown },
  ) => Promise<unknown>;
}

export type TestTwinOptions = Partial<TwinOptions> & {
  readonly setUp?: TwinFile;
  readonly context?: Partial<Context>;
};

/** A whole twin on a free port, gone when the test ends; a mistake of the twin itself fails the test. */
export async function startTestTwin(options: TestTwinOptions = {}): Promise<TestTwin> {
  const { setUp = {}, context: change, ...rest } = options;
  const context = testContext(workspace(), change);
  const errors: unknown[] = [];
  const twin = await startTwin(context, {
    machine: testMachine(),
    openApiFile: descriptions.openApi,
    schema: ciSchemaOf(context, descriptions.schema),
    onError: (error) => errors.push(error),
    ...rest,
  });
  atEnd(async () => {
    await twin.close();
    // Requests nobody describes, and defects of the twin.
    const mistakes = twin.journal.mistakes();
    if (errors.length > 0 || mistakes.length > 0)
      throw new AggregateError(
        [...errors, ...mistakes],
        'the twin failed, or was asked what GitLab does not know',
      );
  });
  const { tokens } = await applyTwinFile(context, twin, setUp, context.cwd);
  const tokenOf = (user: string) => {
    const token = tokens.get(user);
    if (token === undefined) throw new Error(`no user ${user}`);
    return token;
  };
  const project = (path: string) => {
    const found = findProject(twin.world, path);
    if (found === undefined) throw new Error(`no project ${path}`);
    return found;
  };
  const api: TestTwin['api'] = async (method, path, { as = 'local', json } = {}) => {
    const response = await fetch(`${twin.url}/api/v4${path}`, {
      method,
      headers: { 'private-token': tokenOf(as), 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    ...twin,
    ...{ tokenOf, project, api },
    addProject: async (path, files, settings) => {
      // Below a folder that goes after the twin has ended: it borrows their objects.
      const folder = mkdtempSync(join(context.cwd, 'project-'));
      writeFiles(folder, files);
      commitAll(folder);
      const file: TwinFile = {
        projects: { [path]: { ...setUp.projects?.[path], ...settings, folder: resolve(folder) } },
      };
      await applyTwinFile(context, twin, { users: setUp.users ?? {}, ...file }, folder);
      return project(path);
    },
    push: (path, branch, files, user = 'local') => pushFiles(twin, project(path), branch, files, user, api),
    newest: async (path) => {
      const { id } = project(path);
      const pipeline = [...twin.world.pipelines.values()].findLast(({ projectId }) => projectId === id);
      if (pipeline === undefined) throw new Error(`${path} has no pipeline`);
      await twin.pipelines.settled(pipeline);
      return pipeline;
    },
    job: (pipeline, name) => {
      const found = pipeline.jobs.findLast((job) => job.name === name && !job.retried);
      if (found === undefined)
        throw new Error(`no job ${name}: ${pipeline.jobs.map((job) => job.name).join(', ')}`);
      return found;
    },
  };
}

async function pushFiles(
  twin: RunningTwin,
  project: Project,
  branch: string,
  files: Readonly<Record<string, string | null>>,
  user: string,
  api: TestTwin['api'],
): Promise<string> {
  if (findUser(twin.world, user) === undefined) throw new Error(`no user ${user}`);
  const tip = await twin.repositories.resolve(project, `refs/heads/${branch}`);
  const start = project.defaultBranch;
  const base = tip ?? (start === undefined ? undefined : await twin.repositories.resolve(project, start));
  const actions = await Promise.all(
    Object.entries(files).map(async ([path, content]) => {
      const there = base !== undefined && (await twin.repositories.blob(project, base, path)) !== undefined;
      const action = content === null ? 'delete' : there ? 'update' : 'create';
      return { action, file_path: path, ...(content === null ? {} : { content }) };
    }),
  );
  const json = {
    ...{ branch, commit_message: `change ${Object.keys(files).join(', ')}`, actions },
    ...(tip === undefined && start !== undefined ? { start_branch: start } : {}),
  };
  const made = await api('POST', `/projects/${project.id}/repository/commits`, { as: user, json });
  return (made as { id: string }).id;
}
