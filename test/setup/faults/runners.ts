import { type Fault, runnerOf, set, setting } from './fault.ts';

/** Runners, and what is kept. */
export const runnerFaults: Readonly<Record<string, Fault>> = {
  'no runner': {
    places: ['runners'],
    make: (setup) => set(runnerOf(setup, 2), { paused: true }),
    says: /^WRONG {3}runners for our jobs: .*, got none takes pipewright-validate \(no tags\), pipewright-run \(no tags\)/,
  },
  'a runner for protected branches alone': {
    places: ['runners'],
    make: (setup) => set(runnerOf(setup, 2), { accessLevel: 'ref_protected' }),
    says: /^WRONG {3}runners for our jobs: .*, got none takes /,
  },
  'a runner that asks for tags': {
    places: ['runners'],
    make: (setup) => set(runnerOf(setup, 2), { runUntagged: false }),
    says: /^WRONG {3}runners for our jobs: .*, got none takes /,
  },
  'runners of the instance': {
    places: ['runners'],
    make: setting({ shared_runners_enabled: true }),
    says: /^note {4}shared runners: 1 \(instance\): /,
    isNote: true,
  },
  'a shallow clone': {
    make: setting({ ci_default_git_depth: 20 }),
    says: /^note {4}history in clones: 20 commits/,
    isNote: true,
  },
  'artifacts that all go': {
    make: setting({ keep_latest_artifact: false }),
    says: /^note {4}kept artifacts: all go/,
    isNote: true,
  },
};
