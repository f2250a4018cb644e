import { getRunner, listRunners, type RunnerDetails } from '../gitlab/endpoints/runners.ts';
import type { GitLab } from '../gitlab/types.ts';
import { all, type Hiding, known } from './facts.ts';
import type { Known } from './types.ts';

/** The runners that take jobs of a project, each with what it takes; one that cannot be seen leaves all unknown. */
export async function readRunners(
  gitlab: GitLab,
  of: { readonly project: number },
  hides: Hiding,
): Promise<Known<readonly RunnerDetails[]>> {
  const listed = await all(listRunners(gitlab, of), hides);
  if (!listed.known) return listed;
  const value: RunnerDetails[] = [];
  for (const { id } of listed.value) {
    const runner = await known(getRunner(gitlab, { runner: id }), hides);
    if (!runner.known) return runner;
    value.push(runner.value);
  }
  return { known: true, value };
}

/** Who else has jobs on the machine, in words. */
export function othersOn({ id, runnerType, projects = [] }: RunnerDetails): readonly string[] {
  if (runnerType !== 'project_type') return [`${id} is of the ${runnerType.replace('_type', '')}`];
  return projects.length > 1 ? [`${id} serves other projects`] : [];
}
