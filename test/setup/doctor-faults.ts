import type { Variable } from '../../components/twin/world/project.ts';
import { addPersonalToken, addTriggerToken, addUser } from '../../components/twin/world/seed.ts';
import { findUser, type Tier, timeOf } from '../../components/twin/world/world.ts';
import { codeOwners, commitShop, type DoctorSetup } from './doctor-setup.ts';
import { trusted, trustedFiles } from './trusted-setup.ts';

type Undo = () => unknown;

/** One thing that is set up wrongly, and the one line that says so. */
export interface Fault {
  readonly make?: (setup: DoctorSetup) => Undo | Promise<Undo>;
  /** Changes the configuration of the default branch, or takes it away. */
  readonly edit?: (yaml: string) => string | null;
  readonly says: RegExp;
  /** Of further lines that follow from it, in their order. */
  readonly also?: readonly RegExp[];
  /** What is told and is no mistake. */
  readonly isNote?: true;
  /** Where it is a fault only with a licence. */
  readonly tier?: Tier;
  /** It shows only where the trusted project is looked at too. */
  readonly trusted?: true;
  /** What else it touches, so that no other fault does at the same time. */
  readonly places?: readonly string[];
}

/** Sets fields of a record, and gives what sets them back. */
function set<T extends object>(record: T | undefined, change: Partial<T>): Undo {
  if (record === undefined) throw new Error('nothing to change');
  const before = { ...record };
  Object.assign(record, change);
  return () => Object.assign(record, before);
}

const setting = (change: Partial<DoctorSetup['shop']['settings']>) => (setup: DoctorSetup) =>
  set(setup.shop.settings, change);
const variableOf = ({ shop }: DoctorSetup, key: string) => shop.variables.find((one) => one.key === key);

function added<T>(list: T[], one: T): Undo {
  list.push(one);
  return () => list.splice(list.indexOf(one), 1);
}

/** A further variable, kept as the deploy token is but for what is given. */
function secret(setup: DoctorSetup, change: Partial<Variable> & Pick<Variable, 'key'>): Undo {
  const kept = variableOf(setup, 'DEPLOY_TOKEN');
  if (kept === undefined) throw new Error('there is no deploy token');
  return added(setup.shop.variables, { ...kept, ...change });
}

function userOf({ twin }: DoctorSetup, name: string) {
  const user = findUser(twin.world, name);
  if (user === undefined) throw new Error(`no user ${name}`);
  return user;
}

const owners = (text: string | null) => async (setup: DoctorSetup) => {
  await commitShop(setup, { CODEOWNERS: text });
  return () => commitShop(setup, { CODEOWNERS: codeOwners });
};

const token = (expiresAt: (now: number) => number) => (setup: DoctorSetup) => {
  const { world } = setup.twin;
  const { id: userId } = userOf(setup, 'bot');
  const day = new Date(expiresAt(Date.parse(timeOf(world)))).toISOString().slice(0, 10);
  const { value } = addPersonalToken(world, {
    ...{ userId, name: 'deploys', scopes: ['read_api'], expiresAt: day, projectId: setup.shop.id },
  });
  return () => world.tokens.delete(value);
};

const trigger =
  (name: string, change: { expiresAt?: string } = {}) =>
  (setup: DoctorSetup) => {
    const made = addTriggerToken(setup.twin.world, setup.shop, userOf(setup, name), 'by hand');
    Object.assign(made, change);
    return () => setup.twin.world.tokens.delete(made.value);
  };

const schedule =
  (owner: string, change: { active?: boolean; ref?: string } = {}) =>
  (setup: DoctorSetup) => {
    const at = timeOf(setup.twin.world);
    setup.shop.schedules.set(77, {
      ...{ id: 77, description: 'nightly', ref: 'refs/heads/main', cron: '0 3 * * *', cronTimezone: 'UTC' },
      ...{ active: true, inputs: [], variables: [], ownerId: userOf(setup, owner).id },
      ...{ createdAt: at, updatedAt: at, lastPipelineId: undefined },
      ...change,
    });
    return () => setup.shop.schedules.delete(77);
  };

/** Commits other files to the trusted project. */
async function trustedAs({ twin }: DoctorSetup, files: Readonly<Record<string, string>>): Promise<Undo> {
  await twin.push(trusted, 'main', files);
  return () => twin.push(trusted, 'main', trustedFiles());
}

const runnerOf = ({ twin }: DoctorSetup, id: number) => twin.world.runners.get(id);
const day = 86_400_000;

/** A second pipeline of the newest commit, as a push to a branch with a merge request makes it. */
function secondPipeline({ twin, shop }: DoctorSetup): Undo {
  const { pipelines } = twin.world;
  const newest = [...pipelines.values()].filter(({ projectId }) => projectId === shop.id).at(-1);
  if (newest === undefined) throw new Error('there is no pipeline');
  const id = 90_000;
  const ref = 'refs/merge-requests/1/head';
  pipelines.set(id, { ...newest, id, iid: id, ref, source: 'merge_request_event' });
  return () => pipelines.delete(id);
}

const workflow = /^workflow:[\s\S]*?(?=^include:)/m;

export const faults: Readonly<Record<string, Fault>> = {
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
  'job tokens of everybody': {
    make: setting({ ci_job_token_scope_enabled: false }),
    says: /^WRONG {3}job tokens: .*, got those of every project come in$/,
  },
  'job tokens of a list': {
    places: ['runners'],
    make: ({ twin, shop }) => {
      shop.jobTokenAllowlist.add(twin.project('acme/agents').id);
      shop.jobTokenGroups.add('acme/tools');
      return () => {
        shop.jobTokenAllowlist.clear();
        shop.jobTokenGroups.clear();
      };
    },
    says: /^note {4}allowed job tokens: every project of acme\/tools, acme\/agents: whoever may push there/,
    isNote: true,
  },
  'jobs that push': {
    make: setting({ ci_push_repository_for_job_token_allowed: true }),
    says: /^WRONG {3}pushes of jobs: expected off, got a job token may push to this repository$/,
  },
  'forks that run here': {
    make: setting({ ci_allow_fork_pipelines_to_run_in_parent_project: true }),
    says: /^WRONG {3}pipelines of forks: .*, got members may run them here/,
  },
  'logs for everybody': {
    make: setting({ public_jobs: true }),
    says: /^note {4}logs of jobs: guests of the project may read them/,
    isNote: true,
  },
  'an access token that is over': {
    make: token((now) => now - 3 * day),
    says: /^WRONG {3}access tokens of the project: .*, got deploys ended \d{4}-/,
  },
  'an access token that ends soon': {
    make: token((now) => now + 10 * day),
    says: /^note {4}access tokens of the project: deploys ends \d{4}-/,
    isNote: true,
  },
  'a trigger of a stranger': {
    make: trigger('nobody'),
    says: /^WRONG {3}trigger tokens of the project: .*, got trigger \d+: nobody is no member$/,
  },
  'a trigger that is over': {
    make: trigger('alice', { expiresAt: '2024-01-01T00:00:00.000Z' }),
    says: /^WRONG {3}trigger tokens of the project: .*, got trigger \d+ ended 2024-01-01$/,
  },
  'a trigger of a maintainer': {
    make: trigger('mia'),
    says: /^note {4}trigger tokens of the project: \d+ of mia has the rights of a maintainer$/,
    isNote: true,
  },
  'a schedule of somebody who has left': {
    make: schedule('nobody'),
    says: /^WRONG {3}schedules: .*, got nightly: nobody is no member$/,
  },
  'a schedule of somebody who is blocked': {
    make: (setup) => {
      const gone = addUser(setup.twin.world, { username: 'gone' });
      setup.shop.members.set(gone.id, 30);
      gone.state = 'blocked';
      const undo = schedule('gone')(setup);
      return () => {
        undo();
        setup.shop.members.delete(gone.id);
        setup.twin.world.users.delete(gone.id);
      };
    },
    says: /^WRONG {3}schedules: .*, got nightly: gone is blocked$/,
  },
  'a schedule of somebody who may not run the branch': {
    places: ['default branch'],
    make: schedule('alice'),
    says: /^WRONG {3}schedules: .*, got nightly: alice may not run main$/,
  },
  'a schedule that sleeps': {
    places: ['default branch'],
    make: schedule('mia', { active: false }),
    says: /^note {4}schedules: not active: nightly$/,
    isNote: true,
  },
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
  'a runner of the trusted project that others use': {
    trusted: true,
    places: ['runners'],
    make: (setup) => {
      runnerOf(setup, 3)?.projectIds.add(setup.shop.id);
      return () => runnerOf(setup, 3)?.projectIds.delete(setup.shop.id);
    },
    says: /^note {4}shared runners: 3 \(project\): /,
    also: [/^WRONG {3}runner of its own: .*, got 3 serves other projects$/],
  },
  'a trusted project on shared runners': {
    trusted: true,
    make: ({ trusted }) => set(trusted.settings, { shared_runners_enabled: true }),
    says: /^WRONG {3}runner of its own: .*, got 1 is of the instance$/,
  },
  'a trusted runner for every branch': {
    trusted: true,
    make: (setup) => set(runnerOf(setup, 3), { accessLevel: 'not_protected', runUntagged: true }),
    says: /^WRONG {3}runner of its own: .*, got 3 takes jobs of every branch, 3 takes jobs without tags$/,
  },
  'a trusted runner that is offline': {
    trusted: true,
    make: (setup) => set(runnerOf(setup, 3), { status: 'offline' }),
    says: /^WRONG {3}runner of its own: .*, got none that is online$/,
  },
  'a trusted project whose branch developers push to': {
    trusted: true,
    make: ({ trusted }) =>
      set(
        trusted.protectedBranches.find(({ name }) => name === 'main'),
        { pushLevel: 30 },
      ),
    says: /^WRONG {3}default branch: .*, got main: developers may push$/,
  },
  'sessions that nothing hands off to, commits in a fork that is none, and a table that is not there': {
    trusted: true,
    // What hands off is not known where there is no configuration or no gate.
    places: ['gate'],
    make: (setup) => {
      const written = { agent: 'agents/a.ossa.yaml', playbook: 'a.yaml', commits: 'fork' } as const;
      return trustedAs(setup, trustedFiles({ ...written, forks: ['acme/agents'] }));
    },
    says: /^note {4}hand-off: only of pipelines that propose something/,
    also: [
      /^note {4}PIPEWRIGHT_SESSION_KEY: not set/,
      /^WRONG {3}playbook: expected a table of known causes at a\.yaml on the default branch, got none$/,
      /^WRONG {3}PIPEWRIGHT_FORK_TOKEN: .*, got none; those of groups are not looked at$/,
      /^unknown account of the forks: its token is not read, so it must be named$/,
      /^WRONG {3}acme\/shop: bot fork: .*, got none among acme\/agents$/,
      /^WRONG {3}fork acme\/agents: expected a fork of a served project, got none$/,
    ],
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

/** Names of the lines that a fault changes. */
export function linesOf({ says, also = [] }: Fault): readonly string[] {
  return [says, ...also].map(
    ({ source }) => /^\^(?:WRONG|note|unknown) (?:\{\d\})?([^:]*)/.exec(source)?.[1] ?? source,
  );
}

/** Plants faults, their changes of the configuration in one commit, and gives what takes them away again. */
export async function plant(setup: DoctorSetup, planted: readonly Fault[]): Promise<() => Promise<void>> {
  const undo: Undo[] = [];
  for (const { make } of planted) if (make !== undefined) undo.unshift(await make(setup));
  const edits = planted.flatMap(({ edit }) => edit ?? []);
  const yaml = edits.reduce<string | null>((text, edit) => (text === null ? null : edit(text)), setup.yaml);
  if (edits.length > 0) await commitShop(setup, { '.gitlab-ci.yml': yaml });
  return async () => {
    for (const one of undo) await one();
    if (edits.length > 0) await commitShop(setup, { '.gitlab-ci.yml': setup.yaml });
  };
}

/** Faults that can be planted together, since no two of them change one line: each is looked for by its own all the same. */
export function batchesOf(tier: Tier): readonly (readonly (readonly [string, Fault])[])[] {
  const batches: { names: Set<string>; faults: [string, Fault][] }[] = [];
  for (const [name, fault] of Object.entries(faults)) {
    if ((fault.tier ?? 'free') !== tier) continue;
    const names = [...linesOf(fault), ...(fault.places ?? [])];
    const free = batches.find((batch) => names.every((one) => !batch.names.has(one)));
    const batch = free ?? { names: new Set(), faults: [] };
    if (free === undefined) batches.push(batch);
    for (const one of names) batch.names.add(one);
    batch.faults.push([name, fault]);
  }
  return batches.map((batch) => batch.faults);
}
