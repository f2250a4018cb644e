import type { Effect } from '../proposals/kind.ts';
import type { TargetFacts } from './target.ts';

/**
 * Least access level that GitLab asks of whoever does the same by hand, in a private and in any other project.
 * Source: docs.gitlab.com/user/permissions
 */
const needed: Readonly<Record<Effect['kind'], { readonly private: number; readonly other: number }>> = {
  // Guests do not see merge requests of private projects.
  note: { private: 20, other: 10 },
  label: { private: 30, other: 30 },
  issue: { private: 10, other: 10 },
  thread: { private: 20, other: 10 },
  suggestion: { private: 20, other: 10 },
  commit: { private: 30, other: 30 },
  status: { private: 30, other: 30 },
  'environment-stop': { private: 30, other: 30 },
};

const roleNames: Readonly<Record<number, string>> = { 10: 'guest', 20: 'reporter', 30: 'developer' };

/** The pipeline of a fork is the fork's, where the account that acts writes nothing. */
export function whyNoPipeline({ fork }: Pick<TargetFacts, 'fork'>, kind: Effect['kind']): string | undefined {
  return fork && kind === 'status' ? 'the pipeline is one of a fork, which has its own statuses' : undefined;
}

/** A proposal may do no more than the user who started its pipeline: what is missing for a kind, or undefined. */
export function whyNoRight(
  { project, starter }: Pick<TargetFacts, 'project' | 'starter'>,
  kind: Effect['kind'],
): string | undefined {
  const level = needed[kind][project.visibility === 'private' ? 'private' : 'other'];
  if (starter.accessLevel >= level) return undefined;
  return `${starter.username}, who started the pipeline, may not do this in the project: it needs the role ${roleNames[level]}`;
}
