import { type Failure, Failures } from '../kernel/failure.ts';
import { listed } from '../kernel/suggest.ts';
import { parsePinnedLevels, renderPinnedLevel } from '../policy/pinned-level.ts';
import { errors } from './errors.ts';
import type { TrustedProject } from './types.ts';

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
export interface Asked extends Omit<TrustedProject, 'image' | 'agent' | 'levels'> {
  readonly levels?: readonly string[];
  readonly image: string | undefined;
  readonly agent: string | undefined;
  readonly cassette: string | undefined;
}

/** @throws POLICY_LEVEL_INVALID; SETUP_INPUTS_MISSING, SETUP_PATHS_INVALID, SETUP_…_TOO_LONG, all that there are */
export function planProject({ image = '', agent, cassette, ...asked }: Asked): TrustedProject {
  const levels = parsePinnedLevels(asked.levels ?? []).map(renderPinnedLevel);
  const serves = [...new Set(asked.serves)];
  const missing = [
    ...(serves.length === 0 ? ['--serves=<full paths of projects>'] : []),
    ...(image === '' ? ['--image=<container image with pipewright>'] : []),
    ...(cassette !== undefined && agent === undefined
      ? ['--agent=<manifest>, since --cassette is given']
      : []),
  ];
  const { length } = serves.join(' ');
  const pinned = levels.join(' ').length;
  assertNone([
    ...(missing.length === 0
      ? []
      : [errors.INPUTS_MISSING({ doing: 'a trusted project', missing: missing.join(', ') })]),
    ...checkProjectPaths(serves),
    ...(length > longestInput ? [errors.SERVES_TOO_LONG({ length, limit: longestInput })] : []),
    ...(pinned > longestInput ? [errors.LEVELS_TOO_LONG({ length: pinned, limit: longestInput })] : []),
  ]);
  return {
    ...asked,
    serves,
    levels,
    image,
    agent: agent === undefined ? undefined : { manifest: agent, cassette },
  };
}
