import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningTwin } from '../../../components/twin/twin.ts';
import type { User } from '../../../components/twin/world/people.ts';
import type { GivenVariable, Job, Pipeline } from '../../../components/twin/world/pipeline.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { findProject, findUser } from '../../../components/twin/world/world.ts';
import { mainProject } from './case-file.ts';
import { named } from './named.ts';
import { commit, push } from './push.ts';
import type { Actions, JobStep, OpenStep, RunStep, Step } from './step.ts';

export interface Scene {
  readonly twin: RunningTwin;
  readonly tokens: ReadonlyMap<string, string>;
  /** What was told where GitLab refused something. */
  readonly refused: string[];
}

/** Where a step happens, and by whom. */
interface Place extends Scene {
  readonly project: Project;
  readonly user: User;
}

/** Makes a step happen; what it starts goes on by itself. @throws an error where it names what is not there */
export async function perform(scene: Scene, step: Step): Promise<void> {
  const { world } = scene.twin;
  const project = named(findProject(world, step.in ?? mainProject), step.in ?? mainProject);
  const user = named(findUser(world, step.as ?? 'local'), step.as ?? 'local');
  const names = Object.keys(actions) as (keyof Actions)[];
  for (const name of names) await performAs({ ...scene, project, user }, name, step);
}

async function performAs<Name extends keyof Actions>(
  place: Place,
  name: Name,
  step: Partial<Actions>,
): Promise<void> {
  const what = step[name];
  if (what !== undefined) await actions[name](place, what);
}

const actions: { readonly [Name in keyof Actions]: (place: Place, what: Actions[Name]) => unknown } = {
  push: ({ twin, project, user }, what) => push(twin, project, user, what ?? {}),
  open,
  run: (place, what) => run(place, what ?? {}),
  trigger: async (place, what) => {
    const made = await ask(place, 'POST', '/triggers', { description: 'of the case' });
    const { token } = made as { readonly token: string };
    await ask(place, 'POST', '/trigger/pipeline', { ref: 'main', variables: {}, ...what, token });
  },
  schedule: (place, wanted) => {
    const found = [...place.project.schedules.values()].find(({ description }) => description === wanted);
    return ask(place, 'POST', `/pipeline_schedules/${named(found, wanted).id}/play`);
  },
  play: (place, what) => {
    const variables = Object.entries(what.variables ?? {}).map(([key, value]) => ({ key, value }));
    return onJob('play')(place, what, variables.length === 0 ? {} : { job_variables_attributes: variables });
  },
  retry: onJob('retry'),
  cancel: onJob('cancel'),
  erase: onJob('erase'),
  lose_runner: ({ twin, project }, what) => twin.pipelines.loseRunner(jobOf(twin, project, what)),
  cancel_pipeline: onPipeline('cancel'),
  retry_pipeline: onPipeline('retry'),
  stop_environment: (place, wanted) => {
    const found = [...place.project.environments.values()].find(({ name }) => name === wanted);
    return ask(place, 'POST', `/environments/${named(found, wanted).id}/stop`);
  },
  protect_environment: (place, { name, level }) =>
    ask(place, 'POST', '/protected_environments', { name, deploy_access_levels: [{ access_level: level }] }),
  status: (place, what) =>
    ask(place, 'POST', `/statuses/${pipelinesOf(place.twin, place.project).at(-1)?.sha}`, what),
  process_mode: (place, { group, mode }) =>
    ask(place, 'PUT', `/resource_groups/${group}`, { process_mode: mode }),
  settings: (place, what) => ask(place, 'PUT', '', what),
  until: ({ twin, project }, what) => untilLog(() => findJob(twin, project, what), what.log),
  seconds: (_place, count) => sleep(count * 1000),
};

function onJob(verb: string) {
  return (place: Place, what: JobStep, json?: object) =>
    ask(place, 'POST', `/jobs/${jobOf(place.twin, place.project, what).id}/${verb}`, json);
}

function onPipeline(verb: string) {
  return (place: Place, number: number) => {
    const pipeline = named(pipelinesOf(place.twin, place.project)[number - 1], `pipeline ${number}`);
    return ask(place, 'POST', `/pipelines/${pipeline.id}/${verb}`);
  };
}

/** Gives what the API answers of the project, or notes what it refused. */
async function ask(place: Place, method: string, path: string, json?: object): Promise<unknown> {
  const { twin, tokens, refused, project, user } = place;
  const response = await fetch(`${twin.url}/api/v4/projects/${project.id}${path}`, {
    method,
    headers: { 'private-token': tokens.get(user.username) ?? '', 'content-type': 'application/json' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  refused.push(`${response.status} ${text}`);
  return undefined;
}

async function open(
  place: Place,
  { branch, files = { 'proposed.txt': 'new\n' }, into }: OpenStep,
): Promise<void> {
  const { twin, project } = place;
  await commit(twin, project, branch, 'Propose it', files);
  const target = into === undefined ? project : named(findProject(twin.world, into), into);
  await ask(place, 'POST', '/merge_requests', {
    ...{ source_branch: branch, target_branch: 'main', title: 'Propose it', target_project_id: target.id },
  });
}

async function run(
  { twin, refused, project, user }: Place,
  { ref = 'main', variables = {}, inputs }: RunStep,
): Promise<void> {
  const sha = named(await twin.repositories.resolve(project, ref), ref);
  const given = Object.entries(variables).map(([key, value]): GivenVariable => {
    return { key, value, variableType: 'env_var' };
  });
  const created = await twin.pipelines.create({
    ...{ project, ref, sha, user, source: 'web', variables: given },
    ...(inputs === undefined ? {} : { inputs }),
  });
  if (!created.ok) refused.push(...created.messages);
}

export function pipelinesOf({ world }: RunningTwin, { id }: Project): readonly Pipeline[] {
  return [...world.pipelines.values()].filter(({ projectId }) => projectId === id);
}

function jobOf(twin: RunningTwin, project: Project, wanted: JobStep): Job {
  return named(findJob(twin, project, wanted), wanted.job);
}

function findJob(
  twin: RunningTwin,
  project: Project,
  { job: name, pipeline: number }: JobStep,
): Job | undefined {
  const pipelines = pipelinesOf(twin, project);
  const pipeline = number === undefined ? pipelines.at(-1) : pipelines[number - 1];
  return pipeline?.jobs.findLast((job) => job.name === name && !job.retried);
}

async function untilLog(job: () => Job | undefined, text: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (job()?.trace.includes(text) !== true) {
    if (Date.now() > end) throw new Error(`"${text}" does not come, but:\n${job()?.trace}`);
    await sleep(10);
  }
}
