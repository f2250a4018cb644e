import { randomUUID } from 'node:crypto';
import * as approvals from '../../../../components/gitlab/endpoints/approvals.ts';
import * as branches from '../../../../components/gitlab/endpoints/branches.ts';
import * as diffs from '../../../../components/gitlab/endpoints/diffs.ts';
import * as discussions from '../../../../components/gitlab/endpoints/discussions.ts';
import * as issueNotes from '../../../../components/gitlab/endpoints/issue-notes.ts';
import * as issues from '../../../../components/gitlab/endpoints/issues.ts';
import * as labels from '../../../../components/gitlab/endpoints/labels.ts';
import * as mergeRequests from '../../../../components/gitlab/endpoints/merge-requests.ts';
import * as notes from '../../../../components/gitlab/endpoints/notes.ts';
import * as statusChecks from '../../../../components/gitlab/endpoints/status-checks.ts';
import * as statuses from '../../../../components/gitlab/endpoints/statuses.ts';
import * as users from '../../../../components/gitlab/endpoints/users.ts';
import type { GitLab } from '../../../../components/gitlab/types.ts';
import type { Scene } from '../scene.ts';
import { all, owner, type Sample } from './sample.ts';

const marker = '<!-- pipewright:sample -->';

const body = `${marker} Hello`;

const mr = ({ project, mergeRequest }: Scene) => ({ project, mergeRequest });

async function ownNote(gitlab: GitLab, scene: Scene) {
  const { id: author } = await users.currentUser(gitlab);
  return {
    ...mr(scene),
    marker,
    author,
    body,
    note: (await notes.createNote(gitlab, { ...mr(scene), marker, author, body })).id,
  };
}

async function issueOf(gitlab: GitLab, { project }: Scene) {
  const { id: author } = await users.currentUser(gitlab);
  const { iid: issue } = await issues.createIssue(gitlab, {
    project,
    marker,
    author,
    title: 'One',
    description: body,
  });
  return { project, issue, marker, author };
}

async function ownIssueNote(gitlab: GitLab, scene: Scene) {
  const issue = { ...(await issueOf(owner(scene), scene)), ...(await authorOf(gitlab)) };
  return { ...issue, note: (await issueNotes.createIssueNote(gitlab, { ...issue, body })).id };
}

async function authorOf(gitlab: GitLab) {
  return { marker, author: (await users.currentUser(gitlab)).id };
}

async function threadOf(scene: Scene) {
  const opened = { ...mr(scene), ...(await authorOf(owner(scene))), body };
  return { ...mr(scene), discussion: (await discussions.createDiscussion(owner(scene), opened)).id };
}

/** Requests about merge requests, issues and what is said on them. */
export const reviewSamples: Readonly<Record<string, Sample>> = {
  'approvals.getApprovals': (as, scene) => approvals.getApprovals(as, mr(scene)),
  'approvals.getApprovalState': (as, scene) => approvals.getApprovalState(as, mr(scene)),
  'approvals.listApprovalRules': (as, scene) => all(approvals.listApprovalRules(as, mr(scene))),
  'approvals.approve': (as, scene) => approvals.approve(as, { ...mr(scene), sha: scene.head }),
  'approvals.unapprove': async (as, scene) => {
    await approvals.approve(as, { ...mr(scene), sha: scene.head });
    await approvals.unapprove(as, mr(scene));
  },
  'diffs.listDiffs': (as, scene) => all(diffs.listDiffs(as, mr(scene))),
  'diffs.listVersions': (as, scene) => all(diffs.listVersions(as, mr(scene))),
  'diffs.getVersion': async (as, scene) => {
    const [version] = await all(diffs.listVersions(owner(scene), mr(scene)));
    return diffs.getVersion(as, { ...mr(scene), version: version?.id ?? 0 });
  },
  'diffs.compareCommits': (as, { project, api, head }) =>
    diffs.compareCommits(as, { project, from: api.sha, to: head }),
  'discussions.listDiscussions': (as, scene) => all(discussions.listDiscussions(as, mr(scene))),
  'discussions.createDiscussion': async (as, scene) =>
    discussions.createDiscussion(as, { ...mr(scene), ...(await authorOf(as)), body }),
  'discussions.replyToDiscussion': async (as, scene) =>
    discussions.replyToDiscussion(as, { ...(await threadOf(scene)), ...(await authorOf(as)), body }),
  'discussions.resolveDiscussion': async (as, scene) =>
    discussions.resolveDiscussion(as, { ...(await threadOf(scene)), resolved: true }),
  'issue-notes.listIssueNotes': async (as, scene) =>
    all(issueNotes.listIssueNotes(as, await issueOf(owner(scene), scene))),
  'issue-notes.createIssueNote': ownIssueNote,
  'issue-notes.updateIssueNote': async (as, scene) =>
    issueNotes.updateIssueNote(as, { ...(await ownIssueNote(as, scene)), body: 'Bye' }),
  'issue-notes.deleteIssueNote': async (as, scene) =>
    issueNotes.deleteIssueNote(as, await ownIssueNote(as, scene)),
  'issues.listIssues': (as, { project }) =>
    all(issues.listIssues(as, { project, state: 'opened', labels: ['bug'] })),
  'issues.getIssue': async (as, scene) => issues.getIssue(as, await issueOf(owner(scene), scene)),
  'issues.createIssue': issueOf,
  'issues.updateIssue': async (as, scene) =>
    issues.updateIssue(as, { ...(await issueOf(owner(scene), scene)), stateEvent: 'close' }),
  'labels.listLabels': (as, { project }) => all(labels.listLabels(as, { project })),
  'labels.createLabel': (as, { project }) =>
    labels.createLabel(as, { project, name: 'bug', color: '#ff0000' }),
  'merge-requests.listMergeRequests': (as, { project }) =>
    all(mergeRequests.listMergeRequests(as, { project, state: 'opened' })),
  'merge-requests.getMergeRequest': (as, scene) => mergeRequests.getMergeRequest(as, mr(scene)),
  'merge-requests.listMergeRequestPipelines': (as, scene) =>
    all(mergeRequests.listMergeRequestPipelines(as, mr(scene))),
  'merge-requests.createMergeRequest': async (as, { project, asRole, head }) => {
    const branch = randomUUID();
    await branches.createBranch(asRole('owner'), { project, branch, sha: head });
    const between = { sourceBranch: branch, targetBranch: 'main' };
    return mergeRequests.createMergeRequest(as, { project, ...between, title: 'Other', labels: ['bug'] });
  },
  'merge-requests.updateMergeRequest': (as, scene) =>
    mergeRequests.updateMergeRequest(as, { ...mr(scene), title: 'Changed', addLabels: ['bug'] }),
  'merge-requests.mergeMergeRequest': (as, scene) => {
    scene.api.project.protectedBranches.length = 0;
    return mergeRequests.mergeMergeRequest(as, { ...mr(scene), sha: scene.head });
  },
  'notes.listNotes': (as, scene) => all(notes.listNotes(as, mr(scene))),
  'notes.createNote': ownNote,
  'notes.updateNote': async (as, scene) =>
    notes.updateNote(as, { ...(await ownNote(as, scene)), body: 'Bye' }),
  'notes.deleteNote': async (as, scene) => notes.deleteNote(as, await ownNote(as, scene)),
  'status-checks.listStatusChecks': (as, scene) => all(statusChecks.listStatusChecks(as, mr(scene))),
  'status-checks.answerStatusCheck': (as, scene) => {
    const check = { id: 1, name: 'pipewright', externalUrl: 'https://example.com', answers: new Map() };
    scene.api.project.statusChecks.set(check.id, check);
    return statusChecks.answerStatusCheck(as, {
      ...mr(scene),
      ...{ check: check.id, sha: scene.head, status: 'passed' },
    });
  },
  'statuses.setStatus': (as, { project, api }) =>
    statuses.setStatus(as, {
      project,
      sha: api.sha,
      state: 'success',
      name: 'review',
      targetUrl: 'https://example.com',
    }),
  'statuses.listStatuses': (as, { project, api }) =>
    all(statuses.listStatuses(as, { project, sha: api.sha })),
};
