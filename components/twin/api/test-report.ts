import { onProject } from '../server/on-project.ts';
import type { ProjectCall, Route } from '../server/types.ts';
import type { Job } from '../world/pipeline.ts';
import { availableArtifacts, readFileBelow } from './artifact-archive.ts';
import { pipelineOf } from './find-in-call.ts';
import { readJunit, type TestCase } from './junit.ts';

type Json = Readonly<Record<string, unknown>>;

/** Cases of all jobs of one name; what of their reports cannot be read. */
interface Suite {
  readonly name: string;
  readonly jobs: number[];
  readonly cases: TestCase[];
  mistake: string | undefined;
}

/** Source: docs.gitlab.com/api/pipelines, "Retrieve a test report for a pipeline" */
export const testReportRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/pipelines/:pipeline_id/test_report',
    access: { role: 'anyone' },
    handle: onProject(async (call) => {
      const suites = await suitesOf(call);
      const total = counts(suites.flatMap(({ cases }) => cases));
      return { json: { ...total, test_suites: suites.map(suiteJson) } };
    }),
  },
  {
    method: 'GET',
    path: '/projects/:id/pipelines/:pipeline_id/test_report_summary',
    access: { role: 'anyone' },
    handle: onProject(async (call) => {
      const suites = await suitesOf(call);
      const { total_time, total_count, success_count, failed_count, skipped_count, error_count } = counts(
        suites.flatMap(({ cases }) => cases),
      );
      return {
        json: {
          total: {
            ...{ time: total_time, count: total_count, success: success_count, failed: failed_count },
            ...{ skipped: skipped_count, error: error_count, suite_error: null },
          },
          test_suites: suites.map((suite) => ({
            ...{ name: suite.name, ...counts(suite.cases), build_ids: suite.jobs },
            suite_error: suite.mistake ?? null,
          })),
        },
      };
    }),
  },
];

async function suitesOf(call: ProjectCall): Promise<Suite[]> {
  const suites = new Map<string, Suite>();
  for (const job of pipelineOf(call).jobs.filter(({ retried, kind }) => !retried && kind === 'build')) {
    const texts = await reportsOf(call, job);
    if (texts.length === 0) continue;
    // Jobs of one `parallel` are one suite.
    const suite = suites.get(job.key) ?? { name: job.key, jobs: [], cases: [], mistake: undefined };
    suites.set(job.key, suite);
    suite.jobs.push(job.id);
    for (const read of texts.map(readJunit)) {
      if ('mistake' in read) suite.mistake = `JUnit XML parsing failed: ${read.mistake}`;
      else suite.cases.push(...read);
    }
  }
  return [...suites.values()];
}

async function reportsOf({ twin }: ProjectCall, job: Job): Promise<string[]> {
  const artifacts = availableArtifacts(twin.world, job);
  if (artifacts === undefined) return [];
  const names = artifacts.reports.junit ?? [];
  const files = names.map((name) => readFileBelow(twin.context.fs, artifacts.reportsFolder, name));
  return (await Promise.all(files)).flatMap((bytes) =>
    bytes === undefined ? [] : [new TextDecoder().decode(bytes)],
  );
}

function counts(cases: readonly TestCase[]) {
  const of = (wanted: TestCase['status']) => cases.filter(({ status }) => status === wanted).length;
  return {
    total_time: cases.reduce((sum, { time }) => sum + time, 0),
    total_count: cases.length,
    success_count: of('success'),
    failed_count: of('failed'),
    skipped_count: of('skipped'),
    error_count: of('error'),
  };
}

function suiteJson({ name, cases, mistake }: Suite): Json {
  return { name, ...counts(cases), suite_error: mistake ?? null, test_cases: cases.map(caseJson) };
}

function caseJson({ name, classname, file, time, status, output }: TestCase): Json {
  return {
    ...{ status, name, classname, file: file ?? null, execution_time: time },
    ...{ system_output: output ?? null, stack_trace: null, recent_failures: null },
  };
}
