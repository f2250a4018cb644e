import { type Fault, owners, secondPipeline, set, setting, workflow } from './fault.ts';

/** What a merge takes, and does not here. */
export const mergeFaults: Readonly<Record<string, Fault>> = {
  'merges without a pipeline': {
    make: setting({ only_allow_merge_if_pipeline_succeeds: false }),
    says: /^WRONG {3}pipelines must succeed: expected on, got off$/,
  },
  'skipped pipelines that count': {
    make: setting({ allow_merge_on_skipped_pipeline: true }),
    says: /^WRONG {3}skipped pipelines: expected not to count as success, got they do$/,
  },
  'merges past open threads': {
    make: setting({ only_allow_merge_if_all_discussions_are_resolved: false }),
    says: /^WRONG {3}threads resolved: expected on, got off$/,
  },
  'merges that nobody checks': {
    make: setting({ merge_method: 'merge' }),
    says: /^note {4}result of a merge: merge: pipelines check the branch and not its merge/,
    isNote: true,
  },
  'two pipelines, by the configuration': {
    edit: (yaml) =>
      `${yaml.replace(workflow, '')}lint:\n  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]\n  script: [echo]\n`,
    says: /^WRONG {3}duplicate pipelines: .*, got jobs for merge requests and jobs for branches/,
  },
  'no pipelines of merge requests': {
    edit: (yaml) => yaml.replace(workflow, ''),
    says: /^WRONG {3}pipelines of merge requests: .*, got no job but those in \.pre and \.post/,
    places: ['duplicate pipelines'],
  },
  'two pipelines, by what has run': {
    edit: (yaml) =>
      yaml.replace(
        workflow,
        'workflow:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n    - if: $CI_COMMIT_BRANCH\n',
      ),
    make: secondPipeline,
    says: /^WRONG {3}duplicate pipelines: .*, got two for [0-9a-f]{8}$/,
  },
  'no protection of the default branch': {
    make: ({ shop }) => {
      const rules = shop.protectedBranches.splice(0);
      return () => shop.protectedBranches.push(...rules);
    },
    says: /^WRONG {3}default branch: .*, got main: it is not protected$/,
    also: [/^note {4}pushes past the gate: /],
  },
  'developers who may push': {
    make: ({ shop }) => set(shop.protectedBranches[0], { pushLevel: 30 }),
    says: /^WRONG {3}default branch: .*, got main: developers may push$/,
    also: [/^note {4}pushes past the gate: /],
  },
  'force pushes': {
    make: ({ shop }) => set(shop.protectedBranches[0], { allowForcePush: true }),
    says: /^WRONG {3}default branch: .*, got main: force pushes are allowed$/,
  },
  'maintainers who may push': {
    make: ({ shop }) => set(shop.protectedBranches[0], { pushLevel: 40 }),
    says: /^note {4}pushes past the gate: some may push/,
    isNote: true,
  },
  'no owners of code': {
    tier: 'ultimate',
    make: owners(null),
    says: /^WRONG {3}owners of code: .*, got no CODEOWNERS$/,
  },
  'agents without an owner': {
    tier: 'ultimate',
    make: owners('/.gitlab-ci.yml @mia\n/policies/ @mia\nCODEOWNERS @mia\n^[Later] @mia\n/agents/\n'),
    says: /^WRONG {3}owners of code: .*, got no owner of agents\/$/,
  },
  'owners who are not asked': {
    tier: 'ultimate',
    make: ({ shop }) => set(shop.protectedBranches[0], { codeOwnerApproval: false }),
    says: /^WRONG {3}owners of code: .*, got their approval is not required on the default branch$/,
  },
};
