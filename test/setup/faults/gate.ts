import { type Fault, set } from './fault.ts';

/** What is wrong with the gate, its configuration and what it hands off to. */
export const gateFaults: Readonly<Record<string, Fault>> = {
  'no configuration': {
    places: ['images of components', 'rules of the gate', 'runners'],
    edit: () => null,
    says: /^WRONG {3}configuration: expected one that GitLab takes, got GitLab refuses it: /,
    also: [
      /^unknown gate: /,
      /^unknown mode of gate: /,
      /^note {4}versions of components: /,
      /^unknown default branch checked again: /,
      /^unknown pipelines of merge requests: /,
      /^unknown trusted project: /,
      /^unknown duplicate pipelines: /,
      /^unknown history in clones: /,
      /^unknown runners for our jobs: /,
      /^unknown sandbox of scripts: /,
    ],
  },
  'no gate': {
    trusted: true,
    edit: (yaml) => yaml.replace(/ {2}- component: [^\n]*\/gate@[^\n]*\n[^\n]*\n/, ''),
    says: /^WRONG {3}gate: expected a job of the component gate .*, got none$/,
    also: [
      /^note {4}mode of gate: there is no gate$/,
      /^note {4}default branch checked again: there is no gate$/,
      /^WRONG {3}trusted project: expected the input trusted-project of gate to be acme\/agents, got none$/,
    ],
  },
  'a gate with another script': {
    trusted: true,
    edit: (yaml) => `${yaml}pipewright-gate:\n  script: ["true"]\n`,
    says: /^WRONG {3}gate: .*, got the component is included, and its job has another script or never runs$/,
    also: [
      /^note {4}mode of gate: /,
      /^note {4}default branch checked again: /,
      /^WRONG {3}trusted project: .*, got none$/,
    ],
  },
  'a gate that may fail': {
    edit: (yaml) => `${yaml}pipewright-gate:\n  allow_failure: true\n`,
    says: /^WRONG {3}gate: .*, got pipewright-gate may fail$/,
  },
  'a gate by hand': {
    places: ['rules of the gate'],
    edit: (yaml) =>
      `${yaml}pipewright-gate:\n  when: manual\n  allow_failure: false\n  rules: [{ if: $CI_COMMIT_BRANCH, when: manual }]\n`,
    says: /^WRONG {3}gate: .*, got pipewright-gate waits for somebody to start it$/,
  },
  'a gate in no merge request': {
    places: ['rules of the gate'],
    edit: (yaml) => `${yaml}pipewright-gate:\n  rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]\n`,
    says: /^WRONG {3}gate: .*, got pipewright-gate is in no pipeline of a merge request$/,
  },
  'a gate that observes': {
    edit: (yaml) => yaml.replace(/mode: enforce(?=, [^\n]*trusted-project)/, 'mode: observe'),
    says: /^note {4}mode of gate: pipewright-gate: observe: it stops nothing/,
    isNote: true,
  },
  'components of a branch': {
    edit: (yaml) => yaml.replace(/\/validate@[0-9a-f]+/, '/validate@main'),
    says: /^WRONG {3}versions of components: .*, got validate@main$/,
  },
  'an image by name': {
    edit: (yaml) => yaml.replace(/@sha256:0+/, ':1'),
    says: /^note {4}images of components: validate: by name/,
    isNote: true,
  },
  'no check on the default branch': {
    places: ['rules of the gate'],
    edit: (yaml) => yaml.replace('trusted-project:', 'pipelines: merge-request, trusted-project:'),
    says: /^WRONG {3}default branch checked again: .*, got gate runs in pipelines of merge requests alone$/,
  },
  'a gate that is red on the default branch': {
    places: ['rules of the gate'],
    make: ({ twin, shop }) => {
      const jobs = [...twin.world.jobs.values()].filter(
        ({ projectId, name }) => projectId === shop.id && name === 'pipewright-gate',
      );
      const undo = jobs.map((job) => set(job, { status: 'failed' }));
      return () => undo.map((one) => one());
    },
    says: /^WRONG {3}default branch checked again: .*, got pipeline \d+: pipewright-gate failed$/,
  },
  'a newest pipeline without the gate': {
    places: ['rules of the gate'],
    make: ({ twin, shop }) => {
      const jobs = [...twin.world.jobs.values()].filter(
        ({ projectId, name }) => projectId === shop.id && name === 'pipewright-gate',
      );
      const undo = jobs.map((job) => set(job as { name: string }, { name: 'other' }));
      return () => undo.map((one) => one());
    },
    says: /^WRONG {3}default branch checked again: .*, got pipeline \d+ has none$/,
  },
  'another trusted project': {
    trusted: true,
    edit: (yaml) => yaml.replace('trusted-project: acme/agents', 'trusted-project: acme/others'),
    says: /^WRONG {3}trusted project: .*, got acme\/others$/,
  },
  'an old GitLab': {
    trusted: true,
    make: ({ twin }) => set(twin.world as { version: string }, { version: '17.11.4' }),
    says: /^WRONG {3}GitLab: expected 18\.5 or newer, got 17\.11\.4-ee$/,
    also: [/^WRONG {3}GitLab: /],
  },
};
