import { getRunner, listRunners, type RunnerDetails } from '../../gitlab/endpoints/runners.ts';
import type { GitLab } from '../../gitlab/types.ts';
import { all, brokenToo, known, readProject } from '../facts.ts';
import { few, ofKnown, ok, wrong } from '../lines.ts';
import type { CheckLine, Known } from '../types.ts';

const name = 'runner of its own';

/** The trusted project's token is on the machine that runs its jobs: nobody else's jobs may be. */
export async function checkTrustedRunners(gitlab: GitLab, path: string): Promise<readonly CheckLine[]> {
  const project = await readProject(gitlab, path, brokenToo);
  if (!project.known) return [];
  const listed = await all(listRunners(gitlab, { project: project.value.id }), brokenToo);
  const runners = listed.known ? await readDetails(gitlab, listed.value) : listed;
  return [ofKnown(name, { runners }, (values) => judge(values.runners))];
}

async function readDetails(
  gitlab: GitLab,
  listed: readonly { readonly id: number; readonly runnerType: string }[],
): Promise<Known<readonly RunnerDetails[]>> {
  const value: RunnerDetails[] = [];
  for (const { id } of listed) {
    const runner = await known(getRunner(gitlab, { runner: id }), brokenToo);
    if (!runner.known) return runner;
    value.push(runner.value);
  }
  return { known: true, value };
}

function judge(runners: readonly RunnerDetails[]): CheckLine {
  const mistakes = runners.flatMap(mistakesOf);
  const isOnline = runners.some(({ paused, status }) => !paused && status === 'online');
  if (mistakes.length === 0 && isOnline) return ok(name, few(runners.map(({ id }) => String(id))));
  return wrong(name, {
    expected: 'one that is online, for this project and protected branches alone, with tags',
    got: mistakes.length > 0 ? few(mistakes) : 'none that is online',
    fix: 'Settings > CI/CD > Runners: a project runner with tags, "Protected" on, "Run untagged jobs" off; "Enable instance runners" and group runners off; or PUT /projects/:id with shared_runners_enabled=false, group_runners_enabled=false, PUT /runners/:id with access_level=ref_protected, run_untagged=false.',
  });
}

function mistakesOf({
  id,
  runnerType,
  accessLevel,
  runUntagged,
  projects = [],
}: RunnerDetails): readonly string[] {
  if (runnerType !== 'project_type') return [`${id} is of the ${runnerType.replace('_type', '')}`];
  return [
    ...(projects.length > 1 ? [`${id} serves other projects`] : []),
    ...(accessLevel === 'ref_protected' ? [] : [`${id} takes jobs of every branch`]),
    ...(runUntagged ? [`${id} takes jobs without tags`] : []),
  ];
}
