import type { Tier } from '../../gitlab/endpoints/facts.ts';
import type { Project } from '../../gitlab/endpoints/projects.ts';

type Told = Pick<Project, 'mergePipelinesEnabled' | 'onlyAllowMergeIfAllStatusChecksPassed'>;

/**
 * The licence a project has, by fields that GitLab tells with one only: which licence an instance has it tells to
 * administrators alone. Source: docs.gitlab.com/api/projects; ee/lib/ee/api/entities/project.rb
 */
export function tierOf(project: Told): Tier {
  if (project.onlyAllowMergeIfAllStatusChecksPassed !== undefined) return 'ultimate';
  return project.mergePipelinesEnabled === undefined ? 'free' : 'premium';
}

export const tierNames = { free: 'Free', premium: 'Premium', ultimate: 'Ultimate' } as const;

/** What each licence can enforce, each with all of the one before it. Source: docs.gitlab.com, pages of each feature */
export const enforceable: readonly {
  readonly tier: Tier;
  /** Against mistakes: somebody who forgets. */
  readonly mistakes: string;
  /** Against the author of a merge request, who edits all that its pipeline runs. */
  readonly author: string;
}[] = [
  {
    tier: 'free',
    mistakes: 'pipelines must succeed, threads resolved, protected branches',
    author:
      'nothing: the author can take the gate out; what is done is decided in the trusted project, and the default branch is checked again',
  },
  {
    tier: 'premium',
    mistakes: 'merge trains, which check the result of a merge',
    author: 'a person: owners of code (CODEOWNERS) approve changes of .gitlab-ci.yml, agents and policies',
  },
  {
    tier: 'ultimate',
    mistakes: 'status checks of other systems',
    author: 'a pipeline execution policy: its job is in every pipeline, and no project can change it',
  },
];
