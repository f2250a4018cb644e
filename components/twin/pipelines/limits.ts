import { listed } from '../../kernel/suggest.ts';
import { isMapping, jobsOf, listOf, type Mapping } from '../config.ts';
import type { FlatConfig } from '../types.ts';

interface Limit {
  readonly about: string;
  readonly used: (job: Mapping) => boolean;
}

const has = (key: string) => (job: Mapping) => job[key] !== undefined;
const inMapping = (key: string, field: string) => (job: Mapping) =>
  isMapping(job[key]) && job[key][field] !== undefined;
const inPolicy = (key: string) => (job: Mapping) =>
  [job.only, job.except].some((policy) => isMapping(policy) && policy[key] !== undefined);

/** What GitLab does and the twin does not. */
const limits: Readonly<Record<string, Limit>> = {
  image: { about: 'the job runs on this machine, with its programs', used: has('image') },
  services: { about: 'no service is started', used: has('services') },
  tags: { about: 'this machine takes every job', used: has('tags') },
  secrets: { about: 'the variables of the secrets are not set', used: has('secrets') },
  release: { about: 'no release is made', used: has('release') },
  cache: {
    about: 'it lives as long as the twin, so that every first `pull` finds nothing',
    used: has('cache'),
  },
  pages: { about: 'nothing is published', used: has('pages') },
  hooks: { about: 'are not run', used: has('hooks') },
  run: { about: 'steps are not run: a job of nothing else fails', used: has('run') },
  'environment:auto_stop_in': { about: 'environments stay', used: inMapping('environment', 'auto_stop_in') },
  'artifacts:expose_as': { about: 'no link is shown', used: inMapping('artifacts', 'expose_as') },
  submodules: { about: 'are not fetched', used: inMapping('variables', 'GIT_SUBMODULE_STRATEGY') },
  'rules:exists:project': {
    about: 'files are looked for in this project',
    used: ({ rules }) =>
      listOf(rules).some(
        (rule) => isMapping(rule) && isMapping(rule.exists) && rule.exists.project !== undefined,
      ),
  },
  'only:changes': { about: 'is not evaluated', used: inPolicy('changes') },
  'only:kubernetes': { about: 'is not evaluated', used: inPolicy('kubernetes') },
};

/** Sentences on what of this pipeline is not as on GitLab, one per keyword. */
export function localLimits(config: FlatConfig): readonly string[] {
  const jobs = jobsOf(config);
  // What stands at the top may be a job of that name, but for the old form of defaults.
  const { image, services, cache } = config;
  const defaults: Mapping = { image, services, cache, ...(isMapping(config.default) ? config.default : {}) };
  return Object.entries(limits).flatMap(([keyword, { about, used }]) => {
    const users = jobs.filter(([, job]) => used(job)).map(([name]) => name);
    if (users.length > 0) return [`${keyword}: ${about} (${listed(users, 5)})`];
    return used(defaults) ? [`${keyword}: ${about} (default of all jobs)`] : [];
  });
}
