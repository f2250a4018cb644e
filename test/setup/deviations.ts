import { addTriggerToken } from '../../components/twin/world/seed.ts';
import { findUser } from '../../components/twin/world/world.ts';
import { type TrustedSetup, trustedFiles } from './trusted-setup.ts';

type Undo = () => unknown;

export interface Deviation {
  /** Changes the set-up and gives what undoes it. */
  readonly make: (setup: TrustedSetup) => Undo | Promise<Undo>;
  /** The one line that is wrong, or to note. */
  readonly says: RegExp;
  /** Where nobody can tell any more which projects are served. */
  readonly hides?: true;
  /** Exit code where it is not 20. */
  readonly exitCode?: number;
}

const user = ({ twin }: TrustedSetup, name: string) => {
  const found = findUser(twin.world, name);
  if (found === undefined) throw new Error(`no user ${name}`);
  return found;
};

/** Sets fields of a record, and gives what sets them back. */
function set<T extends object>(record: T | undefined, change: Partial<T>): Undo {
  if (record === undefined) throw new Error('nothing to change');
  const before = { ...record };
  Object.assign(record, change);
  return () => Object.assign(record, before);
}

const ruleOf = ({ trusted }: TrustedSetup, name: string) =>
  trusted.protectedBranches.find((rule) => rule.name === name);
const variableOf = ({ trusted, shop }: TrustedSetup, key: string) =>
  [...trusted.variables, ...shop.variables].find((variable) => variable.key === key);
const scheduleOf = ({ trusted }: TrustedSetup) => [...trusted.schedules.values()][0];

/** Takes one of a list away, and gives what puts it back. */
function without<T>(list: T[], isIt: (one: T) => boolean): Undo {
  const at = list.findIndex(isIt);
  const taken = list.splice(at, 1);
  return () => list.splice(at, 0, ...taken);
}

function asMember(members: Map<number, number>, id: number, level: number | undefined): Undo {
  const before = members.get(id);
  const put = (value: number | undefined) =>
    value === undefined ? members.delete(id) : members.set(id, value);
  put(level);
  return () => put(before);
}

function triggerOf(setup: TrustedSetup, name: string): Undo {
  const { value } = addTriggerToken(setup.twin.world, setup.trusted, user(setup, name), 'by hand');
  return () => setup.twin.world.tokens.delete(value);
}

async function committing({ twin }: TrustedSetup, text: string | null): Promise<Undo> {
  await twin.push('acme/agents', 'main', { '.gitlab-ci.yml': text });
  return () => twin.push('acme/agents', 'main', { '.gitlab-ci.yml': yaml });
}

/** The configuration of the trusted project. */
export const yaml = trustedFiles()['.gitlab-ci.yml'] ?? '';

/** What can be set up otherwise, each by itself. */
export const deviations: Readonly<Record<string, Deviation>> = {
  'an old GitLab': {
    make: ({ twin }) => set(twin.world as { version: string }, { version: '17.11.4' }),
    says: /^WRONG {3}GitLab: expected 18\.5 or newer, got 17\.11\.4-ee$/,
  },
  'no protection of the default branch': {
    make: (setup) => {
      const undo = [ruleOf(setup, 'main'), ruleOf(setup, '*')].map((rule) =>
        without(setup.trusted.protectedBranches, (one) => one === rule),
      );
      return () => undo.reverse().map((one) => one());
    },
    says: /^WRONG {3}default branch: .*, got main: it is not protected$/,
  },
  'developers who may push': {
    make: (setup) => set(ruleOf(setup, 'main'), { pushLevel: 30 }),
    says: /^WRONG {3}default branch: .*, got main: developers may push$/,
  },
  'force pushes': {
    make: (setup) => set(ruleOf(setup, 'main'), { allowForcePush: true }),
    says: /^WRONG {3}default branch: .*, got main: force pushes are allowed$/,
  },
  'a wildcard that is open': {
    make: (setup) => set(ruleOf(setup, '*'), { mergeLevel: 30 }),
    says: /^WRONG {3}other branches: .*, got open to developers: \*$/,
  },
  'a branch without protection': {
    make: async (setup) => {
      await setup.twin.push('acme/agents', 'idea', { 'a.txt': 'a\n' });
      const undo = without(setup.trusted.protectedBranches, ({ name }) => name === '*');
      return async () => {
        undo();
        await setup.twin.api('DELETE', `/projects/${setup.trusted.id}/repository/branches/idea`);
      };
    },
    says: /^WRONG {3}other branches: .*, got not protected: idea$/,
  },
  'pipeline variables of developers': {
    make: ({ trusted }) =>
      set(trusted.settings, { ci_pipeline_variables_minimum_override_role: 'developer' }),
    says: /^WRONG {3}pipeline variables: expected no_one_allowed, got developer$/,
  },
  'no token': {
    make: ({ trusted }) => without(trusted.variables, ({ key }) => key === 'PIPEWRIGHT_GITLAB_TOKEN'),
    says: /^WRONG {3}PIPEWRIGHT_GITLAB_TOKEN: .*, got none; those of groups are not looked at$/,
  },
  'a token that every branch sees': {
    make: (setup) => set(variableOf(setup, 'PIPEWRIGHT_GITLAB_TOKEN'), { protected: false }),
    says: /^WRONG {3}PIPEWRIGHT_GITLAB_TOKEN: .*, got it is not protected$/,
  },
  'a token that logs show': {
    make: (setup) => set(variableOf(setup, 'PIPEWRIGHT_GITLAB_TOKEN'), { masked: false }),
    says: /^WRONG {3}PIPEWRIGHT_GITLAB_TOKEN: .*, got it is not masked$/,
  },
  'a token for some environments': {
    make: (setup) => set(variableOf(setup, 'PIPEWRIGHT_GITLAB_TOKEN'), { environmentScope: 'production' }),
    says: /^WRONG {3}PIPEWRIGHT_GITLAB_TOKEN: .*, got one for some environments$/,
  },
  'no key': {
    make: ({ trusted }) => without(trusted.variables, ({ key }) => key === 'PIPEWRIGHT_SIGNING_KEY'),
    says: /^note {4}PIPEWRIGHT_SIGNING_KEY: not set: decisions are made, and recorded unsigned$/,
    exitCode: 0,
  },
  'a key that every branch sees': {
    make: (setup) => set(variableOf(setup, 'PIPEWRIGHT_SIGNING_KEY'), { protected: false, masked: false }),
    says: /^WRONG {3}PIPEWRIGHT_SIGNING_KEY: .*, got it is not protected, it is not masked$/,
  },
  'a trigger of a maintainer': {
    make: (setup) => asMember(setup.trusted.members, user(setup, 'starter').id, 40),
    says: /^WRONG {3}triggers: .*, got trigger \d+: starter is a maintainer or more/,
  },
  'no trigger': {
    make: ({ twin: { world } }) => {
      const all = [...world.tokens].filter(([, { kind }]) => kind === 'trigger');
      for (const [value] of all) world.tokens.delete(value);
      return () => all.map(([value, token]) => world.tokens.set(value, token));
    },
    says: /^WRONG {3}triggers: .*, got none$/,
  },
  'a further trigger of a stranger': {
    make: (setup) => triggerOf(setup, 'nobody'),
    says: /^WRONG {3}triggers: .*, got trigger \d+: nobody is no member, so it starts nothing$/,
  },
  'a further trigger of a reporter': {
    make: (setup) => {
      const undo = [
        triggerOf(setup, 'nobody'),
        asMember(setup.trusted.members, user(setup, 'nobody').id, 20),
      ];
      return () => undo.map((one) => one());
    },
    says: /^WRONG {3}triggers: .*, got trigger \d+: nobody may not run the default branch$/,
  },
  'a further trigger of a blocked user': {
    make: (setup) => {
      const undo = [
        triggerOf(setup, 'nobody'),
        asMember(setup.trusted.members, user(setup, 'nobody').id, 30),
        set(user(setup, 'nobody'), { state: 'blocked' }),
      ];
      return () => undo.map((one) => one());
    },
    says: /^WRONG {3}triggers: .*, got trigger \d+: nobody is blocked, so it starts nothing$/,
  },
  'a further trigger of a maintainer': {
    make: (setup) => triggerOf(setup, 'mia'),
    says: /^WRONG {3}triggers: .*, got trigger \d+: mia is a maintainer or more/,
  },
  'a stranger who is a developer': {
    make: (setup) => asMember(setup.trusted.members, user(setup, 'alice').id, 30),
    says: /^WRONG {3}developers: .*, got alice$/,
  },
  'no schedule': {
    make: ({ trusted }) => {
      const before = [...trusted.schedules];
      trusted.schedules.clear();
      return () => before.map(([id, schedule]) => trusted.schedules.set(id, schedule));
    },
    says: /^WRONG {3}schedule: .*, got none$/,
  },
  'a schedule that sleeps': {
    make: (setup) => set(scheduleOf(setup), { active: false }),
    says: /^WRONG {3}schedule: .*, got one that is not active$/,
  },
  'a schedule of another branch': {
    make: (setup) => set(scheduleOf(setup), { ref: 'refs/heads/other' }),
    says: /^WRONG {3}schedule: .*, got none$/,
  },
  'a schedule of somebody who has left': {
    make: (setup) => set(scheduleOf(setup), { ownerId: user(setup, 'nobody').id }),
    says: /^WRONG {3}schedule: .*, got one of nobody, who may not run the default branch$/,
  },
  'no configuration': {
    make: async (setup) => {
      await setup.twin.push('acme/agents', 'main', { '.gitlab-ci.yml': null });
      return () => setup.twin.push('acme/agents', 'main', { '.gitlab-ci.yml': yaml });
    },
    says: /^WRONG {3}\.gitlab-ci\.yml: .*, got none$/,
    hides: true,
  },
  'a configuration that is no YAML': {
    make: (setup) => committing(setup, 'a: [\n'),
    says: /^WRONG {3}\.gitlab-ci\.yml: .*, got no valid YAML: \d+:\d+: /,
    hides: true,
  },
  'a configuration without the component': {
    make: (setup) => committing(setup, yaml.replaceAll('/apply@', '/validate@')),
    says: /^WRONG {3}\.gitlab-ci\.yml: .*, got none that includes it$/,
    hides: true,
  },
  'a configuration that keeps a number': {
    make: (setup) => committing(setup, yaml.replace('merge-request: $[[ inputs.merge-request ]]', '')),
    says: /^WRONG {3}\.gitlab-ci\.yml: .*, got one that does not pass on merge-request$/,
  },
  'a configuration elsewhere': {
    make: ({ trusted }) => set(trusted.settings, { ci_config_path: 'ci.yml@acme/shop' }),
    says: /^WRONG {3}\.gitlab-ci\.yml: .* leads elsewhere: ci\.yml@acme\/shop$/,
    hides: true,
  },
  'components that the starter cannot read': {
    make: ({ twin }) => set(twin.project('pipewright/pipewright'), { visibility: 'private' }),
    says: /^unknown components: .*pipewright%2Fpipewright.*cannot see it/,
  },
  'components that only others can read': {
    make: (setup) => {
      const catalog = setup.twin.project('pipewright/pipewright');
      const undo = [
        set(catalog, { visibility: 'private' }),
        asMember(catalog.members, user(setup, 'mia').id, 20),
        asMember(catalog.members, user(setup, 'starter').id, 10),
      ];
      return () => undo.map((one) => one());
    },
    says: /^WRONG {3}components: expected pipewright\/pipewright public.*, got private, and no reporter is starter$/,
  },
  'no trigger token in the served project': {
    make: ({ shop }) => without(shop.variables, () => true),
    says: /^WRONG {3}acme\/shop: PIPEWRIGHT_TRIGGER_TOKEN: .*, got none; those of groups are not looked at$/,
  },
  'a trigger token that merge requests do not see': {
    make: (setup) => set(variableOf(setup, 'PIPEWRIGHT_TRIGGER_TOKEN'), { protected: true }),
    says: /^WRONG {3}acme\/shop: PIPEWRIGHT_TRIGGER_TOKEN: .*, got it is protected, so pipelines of merge/,
  },
  'a trigger token that logs show': {
    make: (setup) => set(variableOf(setup, 'PIPEWRIGHT_TRIGGER_TOKEN'), { masked: false }),
    says: /^WRONG {3}acme\/shop: PIPEWRIGHT_TRIGGER_TOKEN: .*, got it is not masked$/,
  },
  'an account that is no member': {
    make: (setup) => asMember(setup.shop.members, user(setup, 'bot').id, undefined),
    says: /^WRONG {3}acme\/shop: service account: expected bot as an active developer, got no member$/,
  },
  'an account that may too little': {
    make: (setup) => asMember(setup.shop.members, user(setup, 'bot').id, 20),
    says: /^WRONG {3}acme\/shop: service account: .*, got a reporter$/,
  },
  'an account that may too much': {
    make: (setup) => asMember(setup.shop.members, user(setup, 'bot').id, 40),
    says: /^WRONG {3}acme\/shop: service account: .*, got a maintainer$/,
  },
  'an account that is blocked': {
    make: (setup) => set(user(setup, 'bot'), { state: 'blocked' }),
    says: /^WRONG {3}acme\/shop: service account: .*, got a member who is blocked$/,
  },
};
