import type { Job, Pipeline } from '../../world/pipeline.ts';
import type { World } from '../../world/world.ts';
import { userJson } from './user.ts';

/** As lists and other records show it. Source: docs.gitlab.com/api/pipelines */
export function pipelineBasicJson(world: World, pipeline: Pipeline): Record<string, unknown> {
  const { id, iid, projectId, sha, ref, status, source, createdAt, updatedAt, name } = pipeline;
  return {
    ...{ id, iid, project_id: projectId, sha, ref, status, source },
    ...{ created_at: createdAt, updated_at: updatedAt },
    web_url: pipelineUrl(world, pipeline),
    name: name ?? null,
  };
}

/** As it is shown alone. Source: docs.gitlab.com/api/pipelines */
export function pipelineJson(world: World, pipeline: Pipeline): Record<string, unknown> {
  const { name, ...basic } = pipelineBasicJson(world, pipeline);
  return {
    ...basic,
    before_sha: pipeline.beforeSha,
    tag: pipeline.tag,
    yaml_errors: pipeline.yamlErrors ?? null,
    user: userJson(world, pipeline.userId),
    started_at: pipeline.startedAt ?? null,
    finished_at: pipeline.finishedAt ?? null,
    committed_at: null,
    duration: wholeSeconds(pipeline.startedAt, pipeline.finishedAt),
    queued_duration: wholeSeconds(pipeline.createdAt, pipeline.startedAt),
    coverage: coverageOf(pipeline.jobs),
    detailed_status: detailedStatus(world, pipeline),
    archived: false,
    name,
  };
}

/** Seconds between two times, or null where one is not known yet. */
export function secondsBetween(from: string | undefined, to: string | undefined): number | null {
  return from === undefined || to === undefined ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}

export function urlOfProject(world: World, projectId: number): string {
  return `${world.url}/${world.projects.get(projectId)?.path}`;
}

function pipelineUrl(world: World, pipeline: Pipeline): string {
  return `${urlOfProject(world, pipeline.projectId)}/-/pipelines/${pipeline.id}`;
}

function wholeSeconds(from: string | undefined, to: string | undefined): number | null {
  const seconds = secondsBetween(from, to);
  return seconds === null ? null : Math.round(seconds);
}

/** The mean of its jobs' coverage, as text with two digits. */
function coverageOf(jobs: readonly Job[]): string | null {
  const figures = jobs
    .filter(({ retried }) => !retried)
    .map(({ coverage, external }) => coverage ?? external?.coverage)
    .filter((coverage) => coverage !== undefined);
  if (figures.length === 0) return null;
  return (figures.reduce((sum, figure) => sum + figure, 0) / figures.length).toFixed(2);
}

function detailedStatus(world: World, pipeline: Pipeline): Record<string, unknown> {
  const { status } = pipeline;
  const isWarning = status === 'success' && pipeline.jobs.some(hasFailedSoftly);
  const icon = isWarning ? 'warning' : status;
  const label = isWarning
    ? 'passed with warnings'
    : status === 'success'
      ? 'passed'
      : status.replaceAll('_', ' ');
  return {
    icon: `status_${icon}`,
    text: isWarning ? 'Warning' : `${label.charAt(0).toUpperCase()}${label.slice(1)}`,
    label,
    group: isWarning ? 'success-with-warnings' : status.replaceAll('_', '-'),
    tooltip: label,
    has_details: true,
    details_path: new URL(pipelineUrl(world, pipeline)).pathname,
    illustration: null,
    favicon: `/assets/ci_favicons/favicon_status_${icon}.png`,
  };
}

function hasFailedSoftly({ retried, allowFailure, status }: Job): boolean {
  return !retried && allowFailure && status === 'failed';
}
