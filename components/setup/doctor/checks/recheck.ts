import { inRules } from '../../../gitlab/ci-context.ts';
import { few, note, ofKnown, ok, wrong } from '../../lines.ts';
import type { CheckLine } from '../../types.ts';
import { defineCheck } from '../check.ts';
import type { DoctorFacts } from '../facts.ts';
import { kindsOf, type MergedPipeline, ourJobs } from '../pipeline.ts';

const name = 'default branch checked again';
const expected = 'a job of gate in the newest pipeline of the default branch that has not failed';
const fix =
  'Leave the input pipelines of gate at auto or branch, and let pipelines run on the default branch. Whoever took the gate out of a merge request is found there.';

export const check = defineCheck({
  id: 'recheck',
  topic: 'gate',
  about:
    'The gate runs on the default branch too, where the author of a merge request no longer decides what runs: it finds what a changed pipeline let through.',
  run: ({ pipeline, newest }) => [
    ofKnown(name, { pipeline, newest }, (known) => judge(known.pipeline, known.newest)),
  ],
});

type Newest = Extract<DoctorFacts['newest'], { known: true }>['value'];

function judge(pipeline: MergedPipeline, newest: Newest): CheckLine {
  const gates = ourJobs(pipeline, 'gate');
  if (gates.length === 0) return note(name, 'there is no gate');
  const absent = gates.filter(({ job }) => !isOnDefault(job));
  if (absent.length === gates.length)
    return wrong(name, { expected, got: 'gate runs in pipelines of merge requests alone', fix });
  if (newest === undefined) return note(name, 'it will be: no pipeline of the default branch has run yet');
  const names = gates.map(({ job }) => job.name);
  const run = newest.jobs.filter((job) => names.includes(job.name));
  const which = `pipeline ${newest.pipeline.id}`;
  if (run.length === 0) return wrong(name, { expected, got: `${which} has none`, fix });
  const failed = run.filter(({ status }) => status === 'failed');
  if (failed.length > 0) {
    const got = `${which}: ${few(failed.map((job) => job.name))} failed`;
    return wrong(name, {
      expected,
      got,
      fix: 'Read its log: something was merged that policies forbid, or it could not decide.',
    });
  }
  return ok(name, `${which}: ${few(run.map((job) => `${job.name} ${job.status}`))}`);
}

function isOnDefault({ rules }: Parameters<typeof kindsOf>[0]): boolean {
  const open = rules?.filter(({ when }) => when !== 'never');
  return (
    kindsOf({ rules }).branch ||
    open?.some(({ condition }) => condition.includes(`$${inRules.defaultBranch}`)) === true
  );
}
