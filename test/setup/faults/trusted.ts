import { trustedFiles } from '../trusted-setup.ts';
import { type Fault, runnerOf, set, trustedAs } from './fault.ts';

/** The trusted project, where it is looked at too. */
export const trustedFaults: Readonly<Record<string, Fault>> = {
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
};
