import { addUser } from '../../../components/twin/world/seed.ts';
import { day, type Fault, schedule, setting, token, trigger } from './fault.ts';

/** Who comes in: job tokens, forks, tokens, triggers, schedules. */
export const accessFaults: Readonly<Record<string, Fault>> = {
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
};
