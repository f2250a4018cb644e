import type { RunnerDetails } from '../../../gitlab/endpoints/runners.ts';
import { few, note, ofKnown, ok, unknown, wrong } from '../../lines.ts';
import type { CheckLine, Known } from '../../types.ts';
import { defineCheck } from '../check.ts';
import type { DoctorFacts } from '../facts.ts';
import { kindsOf, type MergedPipeline, ourJobs } from '../pipeline.ts';

const [name, shared] = ['runners for our jobs', 'shared runners'] as const;

export const check = defineCheck({
  id: 'runners',
  topic: 'runners',
  about:
    'A runner is online for each job of ours that merge requests start: with its tags, and not for protected branches alone. Runners that other projects use are told.',
  run: ({ pipeline, runners, newest }) => [
    ofKnown(name, { pipeline, runners }, (known) => judge(known.pipeline, known.runners, ranIn(newest))),
    ofKnown(shared, { runners }, (known) => sharedLine(valuesOf(known.runners))),
  ],
});

const fix =
  'Settings > CI/CD > Runners: start one with these tags, or write tags of one that is there to the input tags of the component; for merge requests it must not be protected.';

function judge(
  pipeline: MergedPipeline,
  all: readonly Known<RunnerDetails>[],
  ran: readonly string[],
): CheckLine {
  const jobs = ['validate', 'run', 'gate']
    .flatMap((id) => ourJobs(pipeline, id).map(({ job }) => job))
    // One that goes on by hand is there in the configuration and, unless asked for, in no pipeline.
    .filter((job) => Object.values(kindsOf(job)).some(Boolean));
  const runners = valuesOf(all);
  const expected = 'one that is online for each job of ours in a merge request';
  if (jobs.length === 0) return note(name, 'no job is ours');
  const without = jobs.filter(({ tags }) => !runners.some((runner) => takes(runner, tags)));
  if (without.length === 0) return ok(name, `${runners.length} online`);
  const hidden = all.find((one) => !one.known);
  if (hidden?.known === false && without.every((job) => ran.includes(job.name)))
    return note(
      name,
      'tags of some are not told to this token; the newest pipeline of the default branch has run the jobs',
    );
  if (hidden?.known === false)
    return unknown(
      name,
      hidden.reason,
      'Use a token of an owner of the group that the runner is for, or see to its tags there.',
    );
  const asked = without.map((job) =>
    job.tags.length === 0 ? `${job.name} (no tags)` : `${job.name} (${few(job.tags)})`,
  );
  return wrong(name, { expected, got: `none takes ${few(asked)}`, fix });
}

/** Jobs of the newest pipeline that some runner took to their end. */
function ranIn(newest: DoctorFacts['newest']): readonly string[] {
  const jobs = newest.known ? (newest.value?.jobs ?? []) : [];
  return jobs.flatMap((job) => (['success', 'failed'].includes(job.status) ? [job.name] : []));
}

function takes({ accessLevel, runUntagged, tagList }: RunnerDetails, tags: readonly string[]): boolean {
  if (accessLevel === 'ref_protected') return false;
  return tags.length === 0 ? runUntagged : tags.every((tag) => tagList.includes(tag));
}

function sharedLine(runners: readonly RunnerDetails[]): CheckLine {
  const others = runners.filter(
    ({ runnerType, projects }) => runnerType !== 'project_type' || (projects?.length ?? 0) > 1,
  );
  if (others.length === 0) return ok(shared, 'none');
  return note(
    shared,
    `${few(others.map(({ id, runnerType }) => `${id} (${runnerType.replace('_type', '')})`))}: jobs of other projects run on the same machines; what is here is no secret, the trusted project takes runners of its own`,
  );
}

function valuesOf(all: readonly Known<RunnerDetails>[]): readonly RunnerDetails[] {
  return all.flatMap((one) => (one.known ? [one.value] : []));
}
