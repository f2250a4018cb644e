import { isMapping, jobsOf, keyOf, listOf, type Mapping } from '../config.ts';
import type { FlatConfig } from '../types.ts';

/** Job added to a listing whose `when` says what `workflow:rules` decide. */
export const workflowProbe = 'pipewright: workflow';

/**
 * The configuration gitlab-ci-local lists: without what needs a container (`image`, `services`: the shell executor
 * would look for a folder `/builds` and start Docker), with the files of reports among the artifacts, since it
 * collects only those.
 */
export function listedConfig(config: FlatConfig): FlatConfig {
  const { image: _image, services: _services, ...rest } = config;
  const listed: Record<string, unknown> = { ...rest };
  if (isMapping(config.default)) listed.default = withArtifacts(withoutContainer(config.default));
  for (const [name, job] of jobsOf(config)) {
    listed[name] = withKeys(config, withArtifacts(withoutContainer(job)));
  }
  const workflow = config.workflow;
  if (isMapping(workflow) && workflow.rules !== undefined) {
    listed[workflowProbe] = { stage: '.pre', rules: workflow.rules, script: ['true'] };
  }
  return listed;
}

/** With needs of single jobs of a `parallel` as needs of all: gitlab-ci-local knows no other. */
function withKeys(config: FlatConfig, job: Mapping): Mapping {
  const changed: Record<string, unknown> = { ...job };
  for (const key of ['needs', 'dependencies'].filter((one) => Array.isArray(job[one]))) {
    const items = listOf(job[key]).map((item) => {
      if (typeof item === 'string') return keyOf(config, item);
      return isMapping(item) && typeof item.job === 'string'
        ? { ...item, job: keyOf(config, item.job) }
        : item;
    });
    const texts = items.map((item) => JSON.stringify(item));
    changed[key] = items.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
  }
  return changed;
}

/**
 * The configuration gitlab-ci-local runs single jobs of: whether a job's turn has come is decided by the scheduler,
 * so every `when` that waits for something becomes `on_success`.
 */
export function runConfig(listed: FlatConfig): FlatConfig {
  const run: Record<string, unknown> = { ...listed };
  delete run[workflowProbe];
  for (const [name, job] of jobsOf(run)) {
    const rules = job.rules;
    run[name] = {
      ...atOnce(job),
      ...(Array.isArray(rules)
        ? { rules: rules.map((rule) => (isMapping(rule) ? atOnce(rule) : rule)) }
        : {}),
    };
  }
  return run;
}

function atOnce(value: Mapping): Mapping {
  const { start_in: _start, ...rest } = value;
  return rest.when === undefined || rest.when === 'never' ? rest : { ...rest, when: 'on_success' };
}

function withoutContainer(job: Mapping): Mapping {
  const { image: _image, services: _services, ...rest } = job;
  return rest;
}

function withArtifacts(job: Mapping): Mapping {
  const { artifacts } = job;
  if (!isMapping(artifacts)) return job;
  const own = listOf(artifacts.paths).filter((path) => typeof path === 'string');
  const reports = reportFiles(artifacts.reports);
  const paths = [...own, ...reports];
  if (paths.length === 0) return job;
  // GitLab keeps reports whatever the job's result, and `on_failure` is unknown to gitlab-ci-local.
  const when = own.length === 0 || artifacts.when === 'on_failure' ? 'always' : artifacts.when;
  return {
    ...job,
    artifacts: { ...artifacts, paths, ...(when === undefined ? {} : { when }) },
  };
}

/** Files of all reports but dotenv, which gitlab-ci-local collects itself. */
function reportFiles(reports: unknown): string[] {
  if (!isMapping(reports)) return [];
  return Object.entries(reports).flatMap(([kind, value]) => {
    if (kind === 'dotenv') return [];
    const files = kind === 'coverage_report' && isMapping(value) ? value.path : value;
    return listOf(files).filter((file) => typeof file === 'string');
  });
}
