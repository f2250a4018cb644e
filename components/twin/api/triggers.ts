import { triggerPayload } from '../pipelines/permissions.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidParameter, Refusal } from '../server/reply.ts';
import type { Access, OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import type { TriggerToken } from '../world/people.ts';
import type { GivenVariable } from '../world/pipeline.ts';
import { addTriggerToken } from '../world/seed.ts';
import { recordOf, userOf } from './find-in-call.ts';
import { isRecord, textOf } from './given.ts';
import { pipelineJson } from './json/pipeline.ts';
import { userJson } from './json/user.ts';
import { inputsIn, startPipeline } from './start-pipeline.ts';

const access: Access = { role: 'maintainer', anonymous: false };
const source = 'docs.gitlab.com/api/pipeline_triggers';
const described = (required: readonly string[]): OwnSchema => ({
  source,
  body: {
    type: 'object',
    required,
    properties: { description: { type: 'string' } },
    additionalProperties: false,
  },
});
const properties = {
  token: { type: 'string' },
  ref: { type: 'string' },
  variables: { type: 'object' },
  inputs: { type: 'object' },
};
const triggered: OwnSchema = { source, body: { type: 'object', properties } };
const triggers = '/projects/:id/triggers';

export const triggersRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/projects/:id/trigger/pipeline',
    access: { role: 'anyone', triggerToken: true },
    schema: triggered,
    handle: onProject((call) => trigger(call, textOf(call.body.ref))),
  },
  {
    method: 'POST',
    path: '/projects/:id/ref/:ref/trigger/pipeline',
    access: { role: 'anyone', triggerToken: true },
    schema: triggered,
    handle: onProject((call) => trigger(call, call.params.ref)),
  },
  {
    method: 'GET',
    path: triggers,
    access,
    schema: { source },
    handle: onProject((call) => ({
      list: [...tokensOf(call).values()].map((token) => tokenJson(call, token)),
    })),
  },
  {
    method: 'GET',
    path: `${triggers}/:trigger_id`,
    access,
    schema: { source },
    handle: onProject((call) => ({ json: tokenJson(call, tokenOf(call)) })),
  },
  {
    method: 'POST',
    path: triggers,
    access,
    schema: described(['description']),
    handle: onProject((call) => {
      const { world } = call.twin;
      const description = textOf(call.body.description) ?? '';
      const token = addTriggerToken(world, call.project, userOf(call), description);
      return { json: tokenJson(call, token), status: 201 };
    }),
  },
  {
    method: 'PUT',
    path: `${triggers}/:trigger_id`,
    access,
    schema: described([]),
    handle: onProject((call) => {
      const token = tokenOf(call);
      if (token.ownerId !== userOf(call).id) throw forbidden();
      token.description = textOf(call.body.description) ?? token.description;
      return { json: tokenJson(call, token) };
    }),
  },
  {
    method: 'DELETE',
    path: `${triggers}/:trigger_id`,
    access,
    schema: { source },
    handle: onProject((call) => {
      call.twin.world.tokens.delete(tokenOf(call).value);
      return { status: 204 };
    }),
  },
];

function tokensOf({ twin, project }: ProjectCall): Map<number, TriggerToken> {
  const tokens = [...twin.world.tokens.values()].flatMap((token) =>
    token.kind === 'trigger' && token.projectId === project.id ? [token] : [],
  );
  return new Map(tokens.map((token) => [token.id, token]));
}

function tokenOf(call: ProjectCall): TriggerToken {
  return recordOf(call, tokensOf(call), 'trigger_id', 'Trigger');
}

/** Only its owner sees a token whole. */
function tokenJson(call: ProjectCall, token: TriggerToken): Readonly<Record<string, unknown>> {
  const { id, description, createdAt, ownerId, value } = token;
  return {
    id,
    token: ownerId === userOf(call).id ? value : value.slice(0, 4),
    ...{ description, created_at: createdAt, updated_at: createdAt, last_used: null },
    expires_at: token.expiresAt ?? null,
    owner: userJson(call.twin.world, ownerId),
  };
}

/**
 * A trigger's pipeline has its owner's rights, a job's that of who started it. One that there is for its mistake alone is
 * recorded and refused. Source: app/services/ci/pipeline_trigger_service.rb
 */
async function trigger(call: ProjectCall, ref: string | undefined): Promise<Reply> {
  const { twin, project, actor } = call;
  if (ref === undefined || ref === '') throw invalidParameter('ref is missing');
  const sent = call.body;
  const isOfJob = actor?.job !== undefined;
  const pipeline = await startPipeline(twin, {
    ...{ project, ref, user: userOf(call), source: isOfJob ? 'pipeline' : 'trigger' },
    variables: [...triggerVariables(sent), ...(isOfJob ? [] : [payloadOf(call, ref)])],
    ...(actor?.job !== undefined && { upstreamJobId: actor.job.id }),
    ...inputsIn(sent.inputs),
  });
  const { yamlErrors } = pipeline;
  if (yamlErrors !== undefined) throw new Refusal(422, { message: { base: [yamlErrors] } });
  return { json: pipelineJson(twin.world, pipeline), status: 201 };
}

/** All that was sent, known to GitLab or not: who has the token may write a file beside each job. */
function payloadOf({ params, body }: ProjectCall, ref: string): GivenVariable {
  const { token: _, ...sent } = body;
  return {
    key: triggerPayload,
    value: JSON.stringify({ ...sent, id: params.id, ref }),
    variableType: 'file',
  };
}

function triggerVariables({ variables }: ProjectCall['body']): GivenVariable[] {
  return Object.entries(isRecord(variables) ? variables : {}).map(([key, value]) => {
    if (typeof value !== 'string')
      throw invalidParameter('variables needs to be a map of key-valued strings');
    return { key, value, variableType: 'env_var' };
  });
}
