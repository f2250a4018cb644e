import { ok, wrong } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { byApi, untold } from '../remedy.ts';

const name = 'pipelines of forks';

export const check = defineCheck({
  id: 'forks',
  topic: 'access',
  about:
    "A fork's merge request runs in the fork: run in this project it would have this project's variables and runners, and its author's code.",
  run: ({ project }) => {
    const { forkingAccessLevel: forking, ciAllowForkPipelinesToRunInParentProject: inHere } = project;
    const fix = `No menu has it: ${byApi(project, { ci_allow_fork_pipelines_to_run_in_parent_project: false })}. The sweep of the trusted project serves forks without it.`;
    if (forking === 'disabled') return [ok(name, 'nobody may fork it')];
    if (inHere === undefined) return [untold(name, fix)];
    if (!inHere) return [ok(name, 'they run in the fork')];
    const got = 'members may run them here, with the variables and runners of this project';
    return [wrong(name, { expected: 'to run in the fork alone', got, fix })];
  },
});
