import { note, ofKnown, ok } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { ourJobs } from '../pipeline.ts';

const name = 'sandbox of scripts';

export const check = defineCheck({
  id: 'sandbox',
  topic: 'runners',
  about:
    'How far the newest job that ran a session could shut scripts in, in its own words. Told, and no mistake: on the rung `none` no script runs at all.',
  run: ({ pipeline, rung }) => [
    ofKnown(name, { pipeline, rung }, (known) => {
      if (ourJobs(known.pipeline, 'run').length === 0) return ok(name, 'nothing runs sessions here');
      if (known.rung === undefined) return note(name, 'not known before a job of run has left its result');
      const { rung, job } = known.rung;
      if (rung === 'namespaces') return ok(name, `${job}: namespaces`);
      return note(
        name,
        `${job}: none, so scripts of tasks do not run; a runner that lets containers make user namespaces has the other (templates/run/README.md)`,
      );
    }),
  ],
});
