import { mayApprove } from '../review/rights.ts';
import { latestVersion } from '../review/versions.ts';
import { onProject } from '../server/on-project.ts';
import { conflict, forbidden, invalidParameter, invalidRecord, notFound } from '../server/reply.ts';
import type { Access, ProjectCall, Reply, Route } from '../server/types.ts';
import type { Project, StatusCheck } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { userOf } from './find-in-call.ts';
import { mergeRequestOf } from './find-issuable.ts';
import { numberOf, textOf, wordOf } from './given.ts';

const own: Access = { role: 'maintainer', tier: 'ultimate', anonymous: false };
const answers: Access = { role: 'developer', tier: 'ultimate', anonymous: false };
const checks = '/projects/:id/external_status_checks';
const one = '/projects/:id/merge_requests/:merge_request_iid';

/** Checks that apply to all branches: the twin sends nothing to their addresses. Source: docs.gitlab.com/api/status_checks */
export const statusChecksRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: checks,
    access: own,
    handle: onProject(({ project }) => ({
      list: [...project.statusChecks.values()].map((check) => checkJson(project, check)),
    })),
  },
  { method: 'POST', path: checks, access: own, handle: onProject(create) },
  {
    method: 'GET',
    path: `${one}/status_checks`,
    access: answers,
    handle: onProject((call) => {
      const mergeRequest = mergeRequestOf(call);
      if (!mayApprove(userOf(call), call.project, mergeRequest)) throw forbidden();
      const list = [...call.project.statusChecks.values()].map((check) => {
        const { id, name, externalUrl } = check;
        const key = answerKey(mergeRequest, latestVersion(mergeRequest)?.headSha);
        return { id, name, external_url: externalUrl, status: check.answers.get(key) ?? 'pending' };
      });
      return { list };
    }),
  },
  { method: 'POST', path: `${one}/status_check_responses`, access: answers, handle: onProject(answer) },
];

function create({ twin, project, body }: ProjectCall): Reply {
  const [name, externalUrl] = [textOf(body.name) ?? '', textOf(body.external_url) ?? ''];
  const isTaken = [...project.statusChecks.values()].some((check) => check.name === name);
  if (isTaken) throw invalidRecord({ name: ['has already been taken'] });
  const check = { id: twin.world.nextId('status_check'), name, externalUrl, answers: new Map() };
  project.statusChecks.set(check.id, check);
  return { status: 201, json: checkJson(project, check) };
}

function answer(call: ProjectCall): Reply {
  const mergeRequest = mergeRequestOf(call);
  if (!mayApprove(userOf(call), call.project, mergeRequest)) throw forbidden();
  const { external_status_check_id, sha, status: sent } = call.body;
  const check = call.project.statusChecks.get(numberOf(external_status_check_id) ?? 0);
  if (check === undefined) throw notFound();
  const status = wordOf(sent, ['passed', 'failed', 'pending']);
  if (status === undefined) throw invalidParameter('status does not have a valid value');
  const head = latestVersion(mergeRequest)?.headSha;
  if (textOf(sha) !== head) throw conflict('External status check SHA does not match HEAD of source branch');
  check.answers.set(answerKey(mergeRequest, head), status);
  return {
    status: 201,
    json: {
      id: call.twin.world.nextId('status_check_response'),
      merge_request: { id: mergeRequest.id, iid: mergeRequest.iid, project_id: call.project.id },
      external_status_check: checkJson(call.project, check),
    },
  };
}

function answerKey({ iid }: MergeRequest, sha: string | undefined): string {
  return `${iid} ${sha}`;
}

function checkJson(project: Project, { id, name, externalUrl }: StatusCheck): object {
  return { id, name, project_id: project.id, external_url: externalUrl, protected_branches: [], hmac: false };
}
