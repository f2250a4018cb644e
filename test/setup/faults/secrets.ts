import { added, type Fault, secret, set, setting, variableOf } from './fault.ts';

/** Secrets that somebody sees who should not. */
export const secretFaults: Readonly<Record<string, Fault>> = {
  'a key that merge requests see': {
    places: ['kept secrets'],
    make: (setup) => secret(setup, { key: 'OPENAI_API_KEY', protected: false }),
    says: /^WRONG {3}secrets of merge requests: .*, got not protected: OPENAI_API_KEY$/,
  },
  'a secret that logs show': {
    places: ['deploy token'],
    make: (setup) => set(variableOf(setup, 'DEPLOY_TOKEN'), { masked: false }),
    says: /^WRONG {3}masked secrets: .*, got not masked: DEPLOY_TOKEN$/,
  },
  'the token that acts': {
    places: ['deploy token'],
    make: (setup) =>
      set(variableOf(setup, 'DEPLOY_TOKEN') as { key: string } | undefined, {
        key: 'PIPEWRIGHT_GITLAB_TOKEN',
      }),
    says: /^WRONG {3}secrets of the trusted project: .*, got PIPEWRIGHT_GITLAB_TOKEN$/,
  },
  'a secret with a $ in it': {
    places: ['deploy token'],
    make: (setup) => set(variableOf(setup, 'DEPLOY_TOKEN'), { raw: false }),
    says: /^note {4}kept secrets: .*; a \$ in DEPLOY_TOKEN is expanded/,
    isNote: true,
  },
  'a secret that settings show': {
    places: ['deploy token'],
    make: (setup) =>
      set(variableOf(setup, 'DEPLOY_TOKEN'), { hidden: false, environmentScope: 'production' }),
    says: /^note {4}kept secrets: .*DEPLOY_TOKEN \(protected, masked, production\)$/,
    isNote: true,
  },
  'a protected branch of developers': {
    places: ['deploy token'],
    make: ({ shop }) =>
      added(shop.protectedBranches, {
        ...{ id: 99, name: 'feature/*', pushLevel: 30, mergeLevel: 30, allowForcePush: false },
      }),
    says: /^WRONG {3}protected branches and tags: .* see DEPLOY_TOKEN, got branch feature\/\*: developers may push$/,
  },
  'a protected tag of developers': {
    places: ['deploy token'],
    make: ({ shop }) =>
      added(shop.protectedTags, {
        ...{ id: 99, name: 'v*', pushLevel: 30, mergeLevel: 30, allowForcePush: false },
      }),
    says: /^WRONG {3}protected branches and tags: .*, got tag v\*: developers may create it$/,
  },
  'pipeline variables of developers': {
    make: setting({ ci_pipeline_variables_minimum_override_role: 'developer' }),
    says: /^WRONG {3}pipeline variables: expected no_one_allowed, got developer$/,
  },
  'merge requests that see protected variables': {
    make: setting({ protect_merge_request_pipelines: true }),
    says: /^note {4}protected variables in merge requests: where source and target/,
    isNote: true,
  },
};
