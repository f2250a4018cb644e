import type { DataPath } from '../../kernel/place.ts';
import { listed, nearest } from '../../kernel/suggest.ts';
import { forkDepth } from './forks.ts';
import type { TwinFile, TwinProject } from './twin-file.gen.ts';

/** A mistake in a twin file whose place is not yet a line and column. */
export interface SetupIssue {
  readonly path: DataPath;
  readonly target?: 'key' | 'value';
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly suggestion?: string;
}

/** The user who acts where nobody is named. */
export const localUser = 'local';

/** What a schema cannot say of a twin file: that names lead somewhere, and variables have one value. */
export function checkNames(file: TwinFile, env: Readonly<Record<string, string | undefined>>): SetupIssue[] {
  const users = [localUser, ...Object.keys(file.users ?? {})];
  const projects = Object.keys(file.projects ?? {});
  const named = (kind: string, known: readonly string[], name: string, path: DataPath): SetupIssue[] => {
    if (known.includes(name)) return [];
    const suggestion = nearest(name, known);
    return [
      {
        ...{ path, message: `there is no ${kind} "${name}" in this file` },
        ...{
          expected: known.length === 0 ? `a ${kind} of this file` : `one of: ${listed(known)}`,
          got: name,
        },
        ...(suggestion === undefined ? {} : { suggestion }),
      },
    ];
  };
  return Object.entries(file.projects ?? {}).flatMap(([name, project]) => {
    const at = (...rest: (string | number)[]): DataPath => ['projects', name, ...rest];
    return [
      ...(project.fork_of === undefined ? [] : named('project', projects, project.fork_of, at('fork_of'))),
      ...checkFork(file, name, project),
      ...Object.keys(project.members ?? {}).flatMap((user) =>
        named('user', users, user, at('members', user)).map((issue) => ({
          ...issue,
          target: 'key' as const,
        })),
      ),
      ...(project.job_token_allowlist ?? []).flatMap((other, index) =>
        named('project', projects, other, at('job_token_allowlist', index)),
      ),
      ...Object.entries(project.schedules ?? {}).flatMap(([schedule, { owner }]) =>
        owner === undefined ? [] : named('user', users, owner, at('schedules', schedule, 'owner')),
      ),
      ...checkVariables(project, env, (kind, rest, other) =>
        named(kind, kind === 'user' ? users : projects, other, at('variables', ...rest)),
      ).map((issue) =>
        issue.path[0] === 'projects' ? issue : { ...issue, path: at('variables', ...issue.path) },
      ),
    ];
  });
}

/** A fork begins with what its project has, which therefore is there before it. */
function checkFork(file: TwinFile, name: string, { fork_of: parent, folder }: TwinProject): SetupIssue[] {
  if (parent === undefined) return [];
  const path = ['projects', name];
  if (forkDepth(file, name) === undefined)
    return [{ path: [...path, 'fork_of'], message: 'forks are made from each other in a circle' }];
  if (folder === undefined) return [];
  return [
    { path: [...path, 'folder'], message: 'a fork has the repository of its project', expected: 'no folder' },
  ];
}

const valueKeys = ['value', 'from_env', 'token_of', 'trigger_of'] as const;

function checkVariables(
  project: TwinProject,
  env: Readonly<Record<string, string | undefined>>,
  named: (kind: 'user' | 'project', path: readonly string[], name: string) => SetupIssue[],
): SetupIssue[] {
  return Object.entries(project.variables ?? {}).flatMap(([key, variable]): SetupIssue[] => {
    if (typeof variable === 'string') return [];
    const { from_env: source, token_of: user, trigger_of: triggered, owner } = variable;
    const given = valueKeys.filter((name) => name in variable);
    if (given.length !== 1) {
      const got = given.length === 0 ? 'none of them' : given.join(' and ');
      return [
        { path: [key], message: 'a variable has one value', expected: `one of ${listed(valueKeys)}`, got },
      ];
    }
    if (owner !== undefined && triggered === undefined) {
      const message = 'only the trigger token of a project has an owner';
      return [{ path: [key, 'owner'], message, expected: 'trigger_of beside it', got: given.join() }];
    }
    if (user !== undefined) return named('user', [key, 'token_of'], user);
    if (triggered !== undefined) {
      return [
        ...named('project', [key, 'trigger_of'], triggered),
        ...(owner === undefined ? [] : named('user', [key, 'owner'], owner)),
      ];
    }
    if (source === undefined || env[source] !== undefined) return [];
    return [
      {
        ...{ path: [key, 'from_env'], message: `there is no variable ${source} to take` },
        expected: 'a variable of this environment, and a file that --twin names',
      },
    ];
  });
}
