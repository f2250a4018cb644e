import { note, ofKnown, ok } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { kindsOf, ourJobs } from '../pipeline.ts';
import { byApi, untold } from '../remedy.ts';

const name = 'history in clones';

export const check = defineCheck({
  id: 'history',
  topic: 'runners',
  about:
    'Sessions on branches see what changed as far as the clone holds the history. Told, and no mistake: in merge requests the commits are fetched.',
  run: ({ project, pipeline }) => {
    const depth = project.ciDefaultGitDepth;
    const fix = `Settings > CI/CD > General pipelines: "Git shallow clone" is 0; or ${byApi(project, { ci_default_git_depth: 0 })}`;
    return [
      ofKnown(name, { pipeline }, (known) => {
        const onBranches = ourJobs(known.pipeline, 'run').some(({ job }) => kindsOf(job).branch);
        if (!onBranches) return ok(name, 'nothing here needs more than what is fetched');
        if (depth === undefined) return untold(name, `${fix}.`);
        if (depth === 0) return ok(name, 'all of it');
        return note(
          name,
          `${depth} commits: sessions on a branch that left the default one before see no changes. ${fix}`,
        );
      }),
    ];
  },
});
