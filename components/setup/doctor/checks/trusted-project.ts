import { few, note, ofKnown, ok, wrong } from '../../lines.ts';
import { defineCheck } from '../check.ts';
import { ourJobs } from '../pipeline.ts';

const name = 'trusted project';

export const check = defineCheck({
  id: 'trusted-project',
  topic: 'gate',
  about:
    'The gate hands off to the trusted project that decides and acts. With `--trusted-project` all of that is checked too, as `init trusted-project --check` does.',
  run: ({ pipeline, trusted }) => [
    ofKnown(name, { pipeline }, (known) => {
      const named = [
        ...new Set(ourJobs(known.pipeline, 'gate').flatMap(({ flag }) => flag('trusted-project') || [])),
      ];
      const others = named.filter((path) => path !== trusted);
      if (trusted === undefined && named.length === 0)
        return note(
          name,
          'none: gate gives advice in merge requests, and nothing of what agents propose is done',
        );
      if (trusted === undefined)
        return note(name, `${few(named)}: not looked at; --trusted-project=${named[0]} does`);
      if (named.length > 0 && others.length === 0) return ok(name, trusted);
      return wrong(name, {
        expected: `the input trusted-project of gate to be ${trusted}`,
        got: named.length === 0 ? 'none' : few(named),
        fix: `Write trusted-project: ${trusted} to the inputs of gate in .gitlab-ci.yml, or check the project that stands there.`,
      });
    }),
  ],
});
