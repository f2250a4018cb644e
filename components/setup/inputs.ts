import { type Failure, Failures } from '../kernel/failure.ts';
import { listed } from '../kernel/suggest.ts';
import { parsePinnedLevels, renderPinnedLevel } from '../policy/pinned-level.ts';
import { errors } from './errors.ts';
import type { TrustedCommits, TrustedProject } from './types.ts';

/** Full path of a project, as the component `apply` takes it: no white space, quotes, `$` or brackets. */
export const projectPath = /[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+/;

/** Bytes of a text that GitLab takes as an input. Source: docs.gitlab.com/ci/inputs */
export const longestInput = 1024;

export function isProjectPath(path: string): boolean {
  return projectPath.exec(path)?.[0] === path;
}

/** Every path that is none, in one failure. */
export function checkProjectPaths(paths: readonly string[]): readonly Failure[] {
  const wrong = paths.filter((path) => !isProjectPath(path));
  if (wrong.length === 0) return [];
  return [errors.PATHS_INVALID({ paths: listed(wrong.map((path) => JSON.stringify(path))) })];
}

/** Throws all of them, if there are any. */
export function assertNone(failures: readonly Failure[]): void {
  const [first, ...rest] = failures;
  if (first !== undefined) throw new Failures([first, ...rest]);
}

/** What a person gives of a trusted project. */
export interface Asked extends Omit<TrustedProject, 'image' | 'agent' | 'levels' | 'commits'> {
  readonly levels?: readonly string[];
  readonly image: string | undefined;
  readonly agent: string | undefined;
  readonly cassette: string | undefined;
  readonly playbook?: string | undefined;
  readonly commits?: 'none' | TrustedCommits['mode'];
  readonly forks?: readonly string[];
}

/** @throws POLICY_LEVEL_INVALID; SETUP_INPUTS_MISSING, SETUP_…_INVALID, SETUP_…_TOO_LONG, SETUP_ANSWERED_TWICE, all that there are */
export function planProject(asked: Asked): TrustedProject {
  const { catalog, version, image = '', findings, agent, cassette, playbook, commits = 'none' } = asked;
  const levels = parsePinnedLevels(asked.levels ?? []).map(renderPinnedLevel);
  const [serves, forks] = [[...new Set(asked.serves)], [...new Set(asked.forks ?? [])]];
  const missing = missingOf({ ...asked, image, serves, forks });
  assertNone([
    ...(missing.length === 0
      ? []
      : [errors.INPUTS_MISSING({ doing: 'a trusted project', missing: missing.join(', ') })]),
    ...(cassette !== undefined && playbook !== undefined ? [errors.ANSWERED_TWICE(undefined)] : []),
    ...checkProjectPaths([...serves, ...forks]),
    ...tooLong(serves, errors.SERVES_TOO_LONG),
    ...tooLong(levels, errors.LEVELS_TOO_LONG),
    ...tooLong(forks, errors.FORKS_TOO_LONG),
  ]);
  return {
    ...{ catalog, version, image, serves, levels, ...(findings !== undefined && { findings }) },
    agent: agent === undefined ? undefined : { manifest: agent, cassette, playbook },
    commits: commits === 'none' ? undefined : { mode: commits, forks },
  };
}

function missingOf({ image, serves, forks = [], agent, cassette, playbook, commits }: Asked) {
  const answers = { '--cassette': cassette, '--playbook': playbook };
  const given = Object.entries(answers).flatMap(([flag, path]) => (path === undefined ? [] : [flag]));
  const isForked = commits === 'fork';
  return [
    ...(serves.length === 0 ? ['--serves=<full paths of projects>'] : []),
    ...(image === '' ? ['--image=<container image with pipewright>'] : []),
    ...(agent === undefined ? given.map((flag) => `--agent=<manifest>, since ${flag} is given`) : []),
    ...(isForked && forks.length === 0 ? ['--bot-fork=<full paths of forks>, since --commits is fork'] : []),
    ...(!isForked && forks.length > 0 ? ['--commits=fork, since --bot-fork is given'] : []),
  ];
}

/** A failure where a list is longer than GitLab takes as one input. */
function tooLong(
  words: readonly string[],
  error: (found: { length: number; limit: number }) => Failure,
): readonly Failure[] {
  const { length } = words.join(' ');
  return length > longestInput ? [error({ length, limit: longestInput })] : [];
}
