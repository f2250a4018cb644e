import { setCommitStatus, statusesOf, statusStates } from '../review/commit-statuses.ts';
import { onProject } from '../server/on-project.ts';
import { invalidParameter, notFound, Refusal } from '../server/reply.ts';
import type { ProjectCall, Reply, Route } from '../server/types.ts';
import { userOf } from './find-in-call.ts';
import { flagOf, numberOf, sortedBy, textOf, wordOf } from './given.ts';
import { statusJson } from './json/status.ts';

export const statusesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/repository/commits/:sha/statuses',
    access: { role: 'reporter' },
    handle: onProject(list),
  },
  // A job token cannot set a status: it would speak for its own pipeline.
  {
    method: 'POST',
    path: '/projects/:id/statuses/:sha',
    access: { role: 'developer' },
    handle: onProject(create),
  },
];

async function list({ twin, project, params, query }: ProjectCall): Promise<Reply> {
  const { world, repositories } = twin;
  const sha = await repositories.resolve(project, params.sha ?? '');
  if (sha === undefined) throw notFound('Commit');
  const found = statusesOf(world, project, sha, {
    all: flagOf(query.all) ?? false,
    ...{ ref: textOf(query.ref), stage: textOf(query.stage), name: textOf(query.name) },
    pipelineId: numberOf(query.pipeline_id),
  });
  const byPipeline = query.order_by === 'pipeline_id';
  const direction = wordOf(query.sort, ['asc', 'desc']) ?? 'asc';
  const items = found.map(({ pipeline, job }) => ({ id: job.id, pipelineId: pipeline.id, pipeline, job }));
  const sorted = sortedBy(items, (item) => (byPipeline ? item.pipelineId : item.id), direction);
  return { list: sorted.map(({ pipeline, job }) => statusJson(world, pipeline, job)) };
}

async function create(call: ProjectCall): Promise<Reply> {
  const { twin, project, params } = call;
  const sent = call.body;
  if (textOf(sent.state) === undefined) throw invalidParameter('state is missing');
  const state = wordOf(sent.state, statusStates);
  if (state === undefined) throw invalidParameter('state does not have a valid value');
  const coverage = textOf(sent.coverage);
  const result = await setCommitStatus(twin, project, userOf(call), {
    ...{ sha: params.sha ?? '', state, ref: refIn(sent.ref), name: nameIn(sent) },
    targetUrl: urlIn(sent.target_url),
    description: descriptionIn(sent.description),
    coverage: coverage === undefined ? undefined : Number(coverage),
    pipelineId: numberOf(sent.pipeline_id),
  });
  if (!result.ok) throw new Refusal(result.status, { message: result.message });
  const pipeline = twin.world.pipelines.get(result.job.pipelineId);
  if (pipeline === undefined) throw notFound('Pipeline');
  return { status: 201, json: statusJson(twin.world, pipeline, result.job) };
}

/** A branch or a tag, also with its full name. */
function refIn(sent: unknown): string | undefined {
  return textOf(sent)?.replace(/^refs\/(?:heads|tags)\//, '');
}

function nameIn({ name, context }: Readonly<Record<string, unknown>>): string {
  const found = textOf(name) ?? textOf(context) ?? 'default';
  if (found.length > 255)
    throw new Refusal(400, { message: { name: ['is too long (maximum is 255 characters)'] } });
  return found;
}

function urlIn(sent: unknown): string | undefined {
  const url = textOf(sent);
  if (url === undefined || url === '') return undefined;
  if (!/^https?:\/\/[^/\s]+/i.test(url))
    throw new Refusal(400, { message: { target_url: ['is blocked: Only allowed schemes are http, https'] } });
  return url;
}

function descriptionIn(sent: unknown): string | undefined {
  const text = textOf(sent);
  if (text !== undefined && text.length > 255)
    throw new Refusal(400, { message: { description: ['is too long (maximum is 255 characters)'] } });
  return text;
}
