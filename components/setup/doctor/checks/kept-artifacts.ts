import { note, ok } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { byApi, untold } from '../remedy.ts';

const name = 'kept artifacts';

export const check = defineCheck({
  id: 'kept-artifacts',
  topic: 'runners',
  about:
    'Whether GitLab keeps the files of the newest successful pipeline past their time. Told, and no mistake: a trusted project that decides late finds them.',
  run: ({ project }) => {
    const { keepLatestArtifact } = project;
    if (keepLatestArtifact === undefined)
      return [
        untold(name, 'Settings > CI/CD > Artifacts: "Keep artifacts from most recent successful jobs".'),
      ];
    if (keepLatestArtifact) return [ok(name, 'those of the newest successful pipeline stay')];
    return [
      note(
        name,
        `all go at the end of expire-in; Settings > CI/CD > Artifacts, or ${byApi(project, { keep_latest_artifact: true })}, keeps the newest`,
      ),
    ];
  },
});
