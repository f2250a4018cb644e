import type { Commit, FileDiff } from '../../ports.ts';
import type { Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';

type Json = Readonly<Record<string, unknown>>;

/** A commit as GitLab lists it. Source: docs.gitlab.com/api/commits */
export function commitJson(world: Pick<World, 'url'>, project: Project, commit: Commit): Json {
  return {
    id: commit.sha,
    short_id: commit.sha.slice(0, 8),
    created_at: timeOfGit(commit.committedAt),
    parent_ids: commit.parents,
    title: commit.title,
    message: commit.message,
    author_name: commit.authorName,
    author_email: commit.authorEmail,
    authored_date: timeOfGit(commit.authoredAt),
    committer_name: commit.committerName,
    committer_email: commit.committerEmail,
    committed_date: timeOfGit(commit.committedAt),
    trailers: {},
    extended_trailers: {},
    web_url: `${world.url}/${project.path}/-/commit/${commit.sha}`,
  };
}

/** Git tells whole seconds, GitLab milliseconds: `2026-11-21T03:50:26.000+00:00`. */
function timeOfGit(time: string): string {
  return time.replace(/Z$/, '+00:00').replace(/([+-]\d\d:\d\d)$/, '.000$1');
}

/** A changed file as in diffs of commits, merge requests and comparisons. */
export function diffJson(diff: FileDiff): Json {
  return {
    diff: diff.diff,
    collapsed: false,
    too_large: false,
    new_path: diff.newPath,
    old_path: diff.oldPath,
    a_mode: diff.oldMode,
    b_mode: diff.newMode,
    new_file: diff.newFile,
    renamed_file: diff.renamedFile,
    deleted_file: diff.deletedFile,
    generated_file: null,
  };
}

/** Lines that changes add and take away. */
export function statsJson(diffs: readonly FileDiff[]): Json {
  const lines = diffs.flatMap(({ diff }) => diff.split('\n'));
  const additions = lines.filter((line) => line.startsWith('+')).length;
  const deletions = lines.filter((line) => line.startsWith('-')).length;
  return { additions, deletions, total: additions + deletions };
}
