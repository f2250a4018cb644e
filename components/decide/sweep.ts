import { unlessMissing } from '../gitlab/endpoints/define.ts';
import { listMergeRequestPipelines, listMergeRequests } from '../gitlab/endpoints/merge-requests.ts';
import type { Pipeline } from '../gitlab/endpoints/pipeline.ts';
import { getProject } from '../gitlab/endpoints/projects.ts';
import type { GitLab } from '../gitlab/types.ts';
import { bindPipeline, isOfMergedResults } from './pipeline-commit.ts';
import type { Asked } from './target.ts';

/** Pipelines whose jobs may still be at work are left to the next sweep. */
const ended = new Set(['success', 'failed', 'canceled', 'manual', 'skipped']);

/** Told of what a sweep passes over. */
export interface SweepReport {
  /** A project that the token does not see. */
  readonly onMissing: (project: string) => void;
  readonly onPassed: (project: string, mergeRequest: number, why: string) => void;
}

/** Merges of older heads that are asked about, before nobody looks further. */
const mostMerges = 5;

/** The newest pipeline of the head, alone or merged with the target branch; none of a merge train. */
async function newestOf(
  gitlab: GitLab,
  pipelines: AsyncIterable<Pipeline>,
  of: { readonly iid: number; readonly head: string },
): Promise<Pipeline | undefined> {
  let merges = 0;
  for await (const pipeline of pipelines) {
    if (pipeline.sha !== of.head && isOfMergedResults(pipeline, of.iid)) merges += 1;
    if (merges > mostMerges) return undefined;
    if ((await bindPipeline(gitlab, pipeline, of)).ok) return pipeline;
  }
  return undefined;
}

/**
 * The open merge requests of projects, each with the newest pipeline of its present head: what no hand-off came for, as of
 * forks, and what was missed.
 */
export async function* findOpen(
  gitlab: GitLab,
  projects: readonly string[],
  { onMissing, onPassed }: SweepReport,
): AsyncGenerator<Asked> {
  for (const path of projects) {
    const project = await unlessMissing(getProject(gitlab, { project: path }));
    if (project === undefined) {
      onMissing(path);
      continue;
    }
    for await (const { iid, sha } of listMergeRequests(gitlab, { project: project.id, state: 'opened' })) {
      const pipelines = listMergeRequestPipelines(gitlab, { project: project.id, mergeRequest: iid });
      const newest = sha === undefined ? undefined : await newestOf(gitlab, pipelines, { iid, head: sha });
      if (newest === undefined) onPassed(path, iid, 'it has no pipeline of its head that the token can see');
      else if (!ended.has(newest.status))
        onPassed(path, iid, `its pipeline ${newest.id} is ${newest.status}`);
      else yield { project: project.id, mergeRequest: iid, pipeline: newest.id };
    }
  }
}
