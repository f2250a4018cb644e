import type { Call } from '../server/types.ts';
import type { Pipeline, PipelineStatus } from '../world/pipeline.ts';
import { findUser, type World } from '../world/world.ts';
import { flagOf, sortedBy, textOf, timeIn } from './given.ts';

type Query = Call['query'];

const scopes: Readonly<Record<string, readonly PipelineStatus[]>> = {
  running: ['running'],
  pending: ['pending'],
  finished: ['success', 'failed', 'canceled'],
};

/** What a list of pipelines shows, in its order. Source: docs.gitlab.com/api/pipelines, "List project pipelines" */
export function filterPipelines(world: World, pipelines: readonly Pipeline[], query: Query): Pipeline[] {
  const found = pipelines.filter((pipeline) => fits(world, pipeline, query));
  const scope = textOf(query.scope) ?? '';
  return ordered(
    scope === 'branches' || scope === 'tags' ? newestOfEach(found, scope === 'tags') : found,
    query,
  );
}

function fits(world: World, pipeline: Pipeline, query: Query): boolean {
  const { ref, sha, status, source, username, name } = query;
  const statuses = scopes[textOf(query.scope) ?? ''];
  // Children show where they are asked for.
  if (source === undefined && pipeline.source === 'parent_pipeline') return false;
  return (
    (ref === undefined || pipeline.ref === ref) &&
    (sha === undefined || pipeline.sha === sha) &&
    (status === undefined || pipeline.status === status) &&
    (source === undefined || pipeline.source === source) &&
    (name === undefined || pipeline.name === name) &&
    (statuses === undefined || statuses.includes(pipeline.status)) &&
    (username === undefined || findUser(world, textOf(username) ?? '')?.id === pipeline.userId) &&
    hasErrors(pipeline, flagOf(query.yaml_errors)) &&
    isBetween(pipeline.updatedAt, query.updated_after, query.updated_before) &&
    isBetween(pipeline.createdAt, query.created_after, query.created_before)
  );
}

function hasErrors({ yamlErrors }: Pipeline, wanted: boolean | undefined): boolean {
  return wanted === undefined || (yamlErrors !== undefined) === wanted;
}

/** Whether a time is after and before others, which may not be given. */
export function isBetween(time: string, after: unknown, before: unknown): boolean {
  const at = Date.parse(time);
  return at > (timeIn(after) ?? -Infinity) && at < (timeIn(before) ?? Infinity);
}

function newestOfEach(pipelines: readonly Pipeline[], tag: boolean): Pipeline[] {
  const newest = new Map<string, Pipeline>();
  for (const pipeline of pipelines) {
    if (pipeline.tag !== tag || pipeline.mergeRequest !== undefined) continue;
    if ((newest.get(pipeline.ref)?.id ?? 0) < pipeline.id) newest.set(pipeline.ref, pipeline);
  }
  return [...newest.values()];
}

const orders: Readonly<Record<string, (pipeline: Pipeline) => string | number>> = {
  id: ({ id }) => id,
  status: ({ status }) => status,
  ref: ({ ref }) => ref,
  updated_at: ({ updatedAt }) => Date.parse(updatedAt),
  user_id: ({ userId }) => userId,
};

function ordered(pipelines: readonly Pipeline[], { order_by, sort }: Query): Pipeline[] {
  const key = orders[textOf(order_by) ?? 'id'] ?? (({ id }: Pipeline) => id);
  return sortedBy(pipelines, key, sort === 'asc' ? 'asc' : 'desc');
}
