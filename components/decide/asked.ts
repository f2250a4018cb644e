import type { CommitFiles } from './commit-files.ts';
import type { FoundBundle } from './found-bundle.ts';
import type { Target } from './judging.ts';
import type { DecisionReport } from './report.gen.ts';
import type { Surroundings } from './requests.ts';

/** Where policies of a level lie in a repository. */
export const policySuffix = '.policy.yaml';

/** What a manifest's file is called. */
export const manifestName = /\.ossa\.(ya?ml|json)$/;

/** The two commits that a gate looks at; the same one outside of a merge request. */
export interface Commits {
  /** What the changes begin at, and what they lead to. */
  readonly base: CommitFiles;
  readonly head: CommitFiles;
  readonly around: Surroundings;
}

/** What the policies are asked. */
export interface AskedOf {
  /** Manifests to be judged: those that the merge request changes; on a branch all. */
  readonly manifests: readonly { readonly path: string; readonly changed: boolean }[];
  /** Whether the merge request changes policies, which count once it is merged. */
  readonly changesPolicies: boolean;
}

/** Found by the names of objects: nothing is read for it. */
export function findAsked({ base, head, around }: Commits): AskedOf {
  const isChanged = (path: string) => head.idOf(path) !== base.idOf(path);
  const manifests = [...head.paths]
    .filter((path) => manifestName.test(path))
    .sort()
    .map((path) => ({ path, changed: isChanged(path) }))
    .filter(({ changed }) => changed || around.place === 'branch');
  const policies = [...base.paths, ...head.paths].filter((path) => path.endsWith(policySuffix));
  return { manifests, changesPolicies: policies.some(isChanged) };
}

/** Whether policies need not be read at all, as of most merge requests. */
export function isNothing({ manifests, changesPolicies }: AskedOf, bundles: readonly FoundBundle[]): boolean {
  return manifests.length === 0 && !changesPolicies && bundles.length === 0;
}

/** The report where nothing was asked. */
export function nothingAsked(version: string, commit: string, target: Target | undefined): DecisionReport {
  return {
    ...{
      format: 'pipewright/decision/v1',
      version,
      by: 'gate',
      target: target === undefined ? null : { ...target },
    },
    ...{
      policies: { digest: '', commit, levels: [] },
      verdict: 'nothing',
      reasons: [],
      agents: [],
      bundles: [],
    },
  };
}
