import { listed } from '../../kernel/suggest.ts';
import { isMapping, jobsOf, listOf, type Mapping } from '../config.ts';
import type { FlatConfig } from '../types.ts';

interface Limit {
  readonly about: string;
  readonly used: (job: Mapping) => boolean;
}

const has = (key: string) => (job: Mapping) => job[key] !== undefined;
const inArtifacts = (key: string) => (job: Mapping) => isMapping(job.artifacts) && has(key)(job.artifacts);
const inRules = (test: (rule: Mapping) => boolean) => (job: Mapping) =>
  listOf(job.rules).some((rule) => isMapping(rule) && test(rule));

/** What GitLab does and the local executor does not. */
const limits: Readonly<Record<string, Limit>> = {
  image: { about: 'the job runs on this machine, with its programs', used: has('image') },
  services: { about: 'no service is started', used: has('services') },
  tags: { about: 'this machine takes every job', used: has('tags') },
  retry: { about: 'a failed job is not tried again', used: has('retry') },
  timeout: { about: 'a job runs as long as it likes', used: has('timeout') },
  resource_group: { about: 'jobs of one group may run at once', used: has('resource_group') },
  id_tokens: { about: 'the variables of the tokens are not set', used: has('id_tokens') },
  secrets: { about: 'the variables of the secrets are not set', used: has('secrets') },
  trigger: { about: 'no downstream pipeline is started', used: has('trigger') },
  release: { about: 'no release is made', used: has('release') },
  cache: {
    about: 'it lives for this run only, so that every first `pull` finds nothing',
    used: has('cache'),
  },
  pages: { about: 'nothing is published', used: has('pages') },
  only: { about: 'is not evaluated: the job is in every pipeline', used: has('only') },
  except: { about: 'is not evaluated: the job is in every pipeline', used: has('except') },
  hooks: { about: 'are not run', used: has('hooks') },
  run: { about: 'steps are not run', used: has('run') },
  'artifacts:paths': {
    about: 'a path with a blank is not collected; name the folder above it',
    used: ({ artifacts }) =>
      isMapping(artifacts) && listOf(artifacts.paths).some((path) => /\s/.test(String(path))),
  },
  'artifacts:untracked': { about: 'untracked files are not collected', used: inArtifacts('untracked') },
  'when:delayed': {
    about: 'the job starts without waiting',
    used: (job) => job.when === 'delayed' || inRules((rule) => rule.when === 'delayed')(job),
  },
  'rules:changes:compare_to': {
    about: 'changes are compared with what the event compares with',
    used: inRules((rule) => isMapping(rule.changes) && rule.changes.compare_to !== undefined),
  },
  parallel: {
    about: 'jobs are called `job: [1/2]` and `job: [a,b]`, on GitLab `job 1/2` and `job: [a, b]`',
    used: has('parallel'),
  },
  'needs:parallel': {
    about: 'the job waits for all jobs of the matrix and gets the artifacts of all',
    used: (job) =>
      listOf(job.needs).some((need) =>
        isMapping(need) ? has('parallel')(need) : /(: \[.*\]| \d+\/\d+)$/.test(String(need)),
      ),
  },
  'needs:project': {
    about: 'artifacts of other projects and pipelines are not there',
    used: (job) =>
      listOf(job.needs).some((need) => isMapping(need) && (has('project')(need) || has('pipeline')(need))),
  },
};

/** Sentences on what of this pipeline is not as on GitLab, one per keyword. */
export function localLimits(config: FlatConfig): string[] {
  const jobs = jobsOf(config);
  const defaults: Mapping = { ...config, ...(isMapping(config.default) ? config.default : {}) };
  return Object.entries(limits).flatMap(([keyword, { about, used }]) => {
    const users = jobs.filter(([, job]) => used(job)).map(([name]) => name);
    if (users.length > 0) return [`${keyword}: ${about} (${listed(users, 5)})`];
    return keyword in defaults && used(defaults) ? [`${keyword}: ${about} (default of all jobs)`] : [];
  });
}
