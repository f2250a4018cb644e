import type { RunnerDetails } from '../../gitlab/endpoints/runners.ts';
import type { GitLab } from '../../gitlab/types.ts';
import { brokenToo, readProject } from '../facts.ts';
import { few, ofKnown, ok, wrong } from '../lines.ts';
import { othersOn, readRunners } from '../runners.ts';
import type { CheckLine } from '../types.ts';

const name = 'runner of its own';

/** The trusted project's token is on the machine that runs its jobs: nobody else's jobs may be. */
export async function checkTrustedRunners(gitlab: GitLab, path: string): Promise<readonly CheckLine[]> {
  const project = await readProject(gitlab, path, brokenToo);
  if (!project.known) return [];
  const runners = await readRunners(gitlab, { project: project.value.id }, brokenToo);
  return [ofKnown(name, { runners }, (values) => judge(values.runners))];
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

function mistakesOf(runner: RunnerDetails): readonly string[] {
  const { id, runnerType, accessLevel, runUntagged } = runner;
  if (runnerType !== 'project_type') return othersOn(runner);
  return [
    ...othersOn(runner),
    ...(accessLevel === 'ref_protected' ? [] : [`${id} takes jobs of every branch`]),
    ...(runUntagged ? [`${id} takes jobs without tags`] : []),
  ];
}
