import { few, note, ofKnown, ok } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { ourJobs } from '../pipeline.ts';

const name = 'mode of gate';

export const check = defineCheck({
  id: 'gate-mode',
  topic: 'gate',
  about:
    'The gate stops what policies forbid (`mode: enforce`). Observing and warning are told, and are no mistake.',
  run: ({ pipeline }) => [
    ofKnown(name, { pipeline }, (known) => {
      const modes = ourJobs(known.pipeline, 'gate').map(({ job, flag }) => ({
        job: job.name,
        mode: flag('mode'),
      }));
      const loose = modes.filter(({ mode }) => mode !== 'enforce');
      if (modes.length === 0) return note(name, 'there is no gate');
      if (loose.length === 0) return ok(name, 'enforce');
      return note(
        name,
        `${few(loose.map(({ job, mode }) => `${job}: ${mode}`))}: it stops nothing; with the input mode: enforce it does`,
      );
    }),
  ],
});
