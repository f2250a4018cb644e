import type { FileDiff, Twin } from '../ports.ts';
import type { Project } from '../world/project.ts';
import { diffLines, shiftBefore } from './diff-lines.ts';

/** Where in a diff a thread begins, as the discussions API takes it. */
export interface Position {
  readonly baseSha: string;
  readonly startSha: string;
  readonly headSha: string;
  readonly type: 'text' | 'image' | 'file';
  readonly oldPath: string | undefined;
  readonly newPath: string | undefined;
  readonly oldLine: number | undefined;
  readonly newLine: number | undefined;
  readonly lineRange: unknown;
}

/**
 * The position as GitLab keeps it, or undefined where it is in no line of the diff it names: of a text, lines the hunks
 * show and unchanged ones, which need both numbers. Source: docs.gitlab.com/api/discussions, "Create a merge request thread".
 */
export async function placePosition(
  twin: Twin,
  project: Project,
  position: Position,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { repositories } = twin;
  const commits = [position.baseSha, position.startSha, position.headSha];
  const known = await Promise.all(commits.map((sha) => repositories.commit(project, sha)));
  if (known.includes(undefined)) return undefined;
  const diffs = await repositories.diff(project, position.baseSha, position.headSha);
  const file = diffs.find((diff) => isAbout(diff, position));
  if (file === undefined) return undefined;
  if (position.type === 'text' && !(await hasLine(twin, project, file, position))) return undefined;
  return positionJson(file, position);
}

function isAbout({ oldPath, newPath }: FileDiff, position: Position): boolean {
  if (position.oldPath === undefined && position.newPath === undefined) return false;
  return (position.newPath ?? newPath) === newPath && (position.oldPath ?? oldPath) === oldPath;
}

async function hasLine(twin: Twin, project: Project, file: FileDiff, position: Position): Promise<boolean> {
  const { oldLine, newLine, headSha } = position;
  if (oldLine === undefined && newLine === undefined) return false;
  if (diffLines(file.diff).some((line) => line.oldLine === oldLine && line.newLine === newLine)) return true;
  if (oldLine === undefined || newLine === undefined) return false;
  const isShown = diffLines(file.diff).some((line) => line.oldLine === oldLine || line.newLine === newLine);
  if (isShown || oldLine < 1 || newLine - oldLine !== shiftBefore(file.diff, newLine)) return false;
  const bytes = await twin.repositories.blob(project, headSha, file.newPath);
  const text = Buffer.from(bytes ?? []).toString('utf8');
  return newLine <= text.replace(/\n$/, '').split('\n').length;
}

function positionJson(file: FileDiff, position: Position): Readonly<Record<string, unknown>> {
  return {
    base_sha: position.baseSha,
    start_sha: position.startSha,
    head_sha: position.headSha,
    old_path: file.oldPath,
    new_path: file.newPath,
    position_type: position.type,
    old_line: position.oldLine ?? null,
    new_line: position.newLine ?? null,
    line_range: position.lineRange ?? null,
  };
}
