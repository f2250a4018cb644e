import { note, ok } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { byApi, untold } from '../remedy.ts';

const name = 'logs of jobs';

export const check = defineCheck({
  id: 'public-jobs',
  topic: 'access',
  about:
    'Who reads logs and files of jobs. Told, and no mistake: files of ours are for developers (`artifacts:access`), logs are not.',
  run: ({ project }) => {
    const { publicJobs, visibility } = project;
    if (publicJobs === undefined)
      return [untold(name, 'Settings > CI/CD > General pipelines: "Project-based pipeline visibility".')];
    if (!publicJobs) return [ok(name, 'for members, from the role reporter on')];
    const who = { private: 'guests of the project', internal: 'everybody signed in', public: 'everybody' }[
      visibility
    ];
    return [
      note(
        name,
        `${who} may read them; Settings > CI/CD > General pipelines: "Project-based pipeline visibility" off, or ${byApi(project, { public_jobs: false })}, ends that`,
      ),
    ];
  },
});
