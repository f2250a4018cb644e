import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitLab } from '../../../components/gitlab/client.ts';
import type { GitLab, GitLabToken } from '../../../components/gitlab/types.ts';
import type { Clock, Context } from '../../../components/kernel/context.ts';
import { applyTwinFile } from '../../../components/twin/setup/apply-twin-file.ts';
import type { TwinFile } from '../../../components/twin/setup/twin-file.gen.ts';
import { type RunningTwin, startTwin, type TwinOptions } from '../../../components/twin/twin.ts';
import type { Machine } from '../../../components/twin/types.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { findProject } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';

/** A whole twin for tests and for measurements, and clients of it. */
export interface Served {
  readonly twin: RunningTwin;
  readonly context: Context;
  readonly tokenOf: (user: string) => string;
  readonly project: (path: string) => Project;
  readonly as: (token: GitLabToken | undefined) => GitLab;
  readonly asUser: (user: string) => GitLab;
  /** Working directory of the clients, and all else that is kept on disk. */
  readonly folder: string;
  /** Rejects where a handler of the twin threw. */
  readonly close: () => Promise<void>;
}

export interface ServeOptions extends Partial<TwinOptions> {
  readonly users?: TwinFile['users'];
  /** Files of each project, in one commit on main. */
  readonly projects: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of the twin and of its clients. */
  readonly clock?: Clock;
}

export async function serveTwin({ users, projects, clock, ...options }: ServeOptions): Promise<Served> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pipewright-contract-')));
  const context = testContext(folder, clock === undefined ? {} : { clock });
  const errors: unknown[] = [];
  const twin = await startTwin(context, {
    ...{ machine: machineIn(folder), onError: (error: unknown) => errors.push(error) },
    ...options,
  });
  const entries = Object.entries(projects).map(([path, files]) => {
    const source = join(folder, 'projects', path);
    writeFiles(source, { 'README.md': 'x\n', ...files });
    commitAll(source);
    return [path, { folder: source }] as const;
  });
  const file = { users: users ?? {}, projects: Object.fromEntries(entries) };
  const { tokens } = await applyTwinFile(context, twin, file, folder);
  const tokenOf = (user: string) => known(tokens.get(user), `user ${user}`);
  const as: Served['as'] = (token) => createGitLab(context, { apiUrl: `${twin.url}/api/v4`, token });
  return {
    ...{ twin, context, folder, tokenOf, as },
    project: (path) => known(findProject(twin.world, path), `project ${path}`),
    asUser: (user) => as({ kind: 'private', value: tokenOf(user) }),
    close: async () => {
      await twin.close();
      rmSync(folder, { recursive: true, force: true });
      const broken = twin.journal.entries.flatMap(({ error }) => error ?? []);
      if (errors.length + broken.length > 0)
        throw new AggregateError([...errors, ...broken], 'the twin failed');
    },
  };
}

export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

/** This machine; jobs get no `pipewright`. */
export function machineIn(folder: string): Machine {
  const programs = ['/usr/local/bin', '/usr/bin', '/bin'];
  return { node: process.execPath, entry: join(folder, 'none'), temporary: folder, programs };
}

/** A clock on which sleeping takes no time. */
export function virtualClock(): Clock {
  let skipped = 0;
  return {
    now: () => Date.now() + skipped,
    monotonic: () => performance.now() + skipped,
    sleep: async (milliseconds) => {
      skipped += milliseconds;
    },
  };
}
