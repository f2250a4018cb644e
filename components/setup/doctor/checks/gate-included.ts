import type { Includes } from '../../configuration.ts';
import { few, ofKnown, ok, unknown, wrong } from '../../lines.ts';
import type { CheckLine } from '../../types.ts';
import { defineCheck } from '../check.ts';
import { kindsOf, type MergedPipeline, type OurJob, ourJobs } from '../pipeline.ts';

const name = 'gate';
const expected = 'a job of the component gate in the pipelines of merge requests';
const fix =
  'Include the component gate in .gitlab-ci.yml of the default branch, and change nothing of its job (templates/gate/README.md).';

export const check = defineCheck({
  id: 'gate-included',
  topic: 'gate',
  about:
    'The configuration of the default branch is valid, includes the component `gate`, and no other file takes the place of its script, rules or result.',
  run: ({ includes, invalid, pipeline }) => [
    ofKnown('configuration', { invalid }, (known) => {
      const [first] = known.invalid;
      if (first === undefined) return ok('configuration', 'GitLab takes it');
      const got = `GitLab refuses it: ${first}`;
      return wrong('configuration', {
        expected: 'one that GitLab takes',
        got,
        fix: 'Build > Pipeline editor, or POST /projects/:id/ci/lint: mend what it says.',
      });
    }),
    ofKnown(name, { includes, pipeline }, (known) => checkGate(known.includes, known.pipeline)),
  ],
});

function checkGate({ components, includesOthers }: Includes, pipeline: MergedPipeline): CheckLine {
  const gates = ourJobs(pipeline, 'gate');
  const included = components.filter(({ id }) => id === 'gate');
  if (gates.length === 0 && included.length === 0) return wrong(name, { expected, got: 'none', fix });
  if (gates.length < included.length) {
    const got = 'the component is included, and its job has another script or never runs';
    return wrong(name, { expected, got, fix });
  }
  const mistakes = gates.flatMap(mistakesOf);
  if (mistakes.length > 0) return wrong(name, { expected, got: few(mistakes), fix });
  if (included.length === 0 && includesOthers)
    return unknown(
      name,
      `${few(gates.map(({ job }) => job.name))} comes from a file that is included, whose version is not looked at`,
      'Include the component gate in .gitlab-ci.yml itself.',
    );
  return ok(name, few(gates.map(({ job }) => job.name)));
}

function mistakesOf({ job }: OurJob): readonly string[] {
  const { name: job_, allowFailure, when, rules } = job;
  const isManual = when === 'manual' || rules?.some((rule) => rule.when === 'manual') === true;
  return [
    ...(allowFailure === true ? [`${job_} may fail`] : []),
    ...(isManual ? [`${job_} waits for somebody to start it`] : []),
    ...(kindsOf(job).request || kindsOf(job).branch ? [] : [`${job_} is in no pipeline of a merge request`]),
  ];
}
