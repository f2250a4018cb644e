import { few, note, ofKnown, ok, wrong } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { byApi, checkSetting } from '../remedy.ts';

const [scope, list, push] = ['job tokens', 'allowed job tokens', 'pushes of jobs'] as const;
const setting = 'Settings > CI/CD > Job token permissions';

export const check = defineCheck({
  id: 'job-tokens',
  topic: 'access',
  about:
    "Job tokens of other projects come in only by name, and no job pushes with its own: an agent's script has that token. Who is on the list is told.",
  run: ({ project, jobTokens, allowedProjects, allowedGroups }) => [
    ofKnown(scope, { jobTokens }, (known) =>
      known.jobTokens.inboundEnabled
        ? ok(scope, 'those of other projects come in by name alone')
        : wrong(scope, {
            expected: 'those of projects and groups on the list alone',
            got: 'those of every project come in',
            fix: `${setting}: "Only this project and any groups and projects in the allowlist"; or PATCH /projects/${project.id}/job_token_scope with enabled=true.`,
          }),
    ),
    ofKnown(list, { allowedProjects, allowedGroups }, (known) => {
      const others = known.allowedProjects.filter(({ id }) => id !== project.id);
      const groups = known.allowedGroups.map(({ webUrl }) => `every project of ${groupIn(webUrl)}`);
      const names = [...groups, ...others.map(({ pathWithNamespace }) => pathWithNamespace)];
      if (names.length === 0) return ok(list, 'of no other project');
      return note(
        list,
        `${few(names)}: whoever may push there reads here with the rights of who starts the job`,
      );
    }),
    checkSetting(push, {
      // Older GitLabs do not tell it, and then it is off.
      ...{ got: project.ciPushRepositoryForJobTokenAllowed ?? false, wanted: false },
      ...{
        says: 'a job token may not push',
        expected: 'off',
        wrongly: 'a job token may push to this repository',
      },
      fix: `${setting}: "Allow Git push requests to the repository" off; or ${byApi(project, { ci_push_repository_for_job_token_allowed: false })}.`,
    }),
  ],
});

/** Strangers chose the name of a group; its address is the instance's own. */
function groupIn(webUrl: string): string {
  return webUrl.replace(/^https?:\/\/[^/]+\/(?:.*\/)?groups\//, '');
}
