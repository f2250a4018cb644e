import type { Job, Pipeline } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import type { World } from '../world/world.ts';

/** Successful pipelines of a branch or tag, newest first; children belong to their parents. */
export function latestSuccessful(world: World, project: Project, ref: string): Pipeline[] {
  return [...world.pipelines.values()]
    .filter((pipeline) => pipeline.projectId === project.id && pipeline.ref === ref)
    .filter(({ status, source }) => status === 'success' && source !== 'parent_pipeline')
    .sort((a, b) => b.id - a.id);
}

/** A job by name in a pipeline, then in its children of the same project; its newest attempt. */
export function jobInFamily(world: World, pipeline: Pipeline, name: string): Job | undefined {
  const own = pipeline.jobs.find((job) => job.name === name && job.kind === 'build' && !job.retried);
  if (own !== undefined) return own;
  for (const { downstreamPipelineId } of pipeline.jobs) {
    const child = world.pipelines.get(downstreamPipelineId ?? 0);
    if (child?.projectId !== pipeline.projectId || child.source !== 'parent_pipeline') continue;
    const found = jobInFamily(world, child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
