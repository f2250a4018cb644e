import { randomUUID } from 'node:crypto';
import * as accessTokens from '../../../components/gitlab/endpoints/access-tokens.ts';
import * as approvals from '../../../components/gitlab/endpoints/approvals.ts';
import * as artifacts from '../../../components/gitlab/endpoints/artifacts.ts';
import * as branches from '../../../components/gitlab/endpoints/branches.ts';
import * as commits from '../../../components/gitlab/endpoints/commits.ts';
import * as deployments from '../../../components/gitlab/endpoints/deployments.ts';
import * as diffs from '../../../components/gitlab/endpoints/diffs.ts';
import * as discussions from '../../../components/gitlab/endpoints/discussions.ts';
import * as environments from '../../../components/gitlab/endpoints/environments.ts';
import * as files from '../../../components/gitlab/endpoints/files.ts';
import * as packages from '../../../components/gitlab/endpoints/generic-packages.ts';
import * as issueNotes from '../../../components/gitlab/endpoints/issue-notes.ts';
import * as issues from '../../../components/gitlab/endpoints/issues.ts';
import * as jobTokenScope from '../../../components/gitlab/endpoints/job-token-scope.ts';
import * as jobs from '../../../components/gitlab/endpoints/jobs.ts';
import * as labels from '../../../components/gitlab/endpoints/labels.ts';
import * as lint from '../../../components/gitlab/endpoints/lint.ts';
import * as members from '../../../components/gitlab/endpoints/members.ts';
import * as mergeRequests from '../../../components/gitlab/endpoints/merge-requests.ts';
import * as metadata from '../../../components/gitlab/endpoints/metadata.ts';
import * as notes from '../../../components/gitlab/endpoints/notes.ts';
import * as pipelines from '../../../components/gitlab/endpoints/pipelines.ts';
import * as projects from '../../../components/gitlab/endpoints/projects.ts';
import * as protectedTags from '../../../components/gitlab/endpoints/protected-tags.ts';
import * as releaseLinks from '../../../components/gitlab/endpoints/release-links.ts';
import * as releases from '../../../components/gitlab/endpoints/releases.ts';
import * as resourceGroups from '../../../components/gitlab/endpoints/resource-groups.ts';
import * as runners from '../../../components/gitlab/endpoints/runners.ts';
import * as scheduleVariables from '../../../components/gitlab/endpoints/schedule-variables.ts';
import * as schedules from '../../../components/gitlab/endpoints/schedules.ts';
import * as statusChecks from '../../../components/gitlab/endpoints/status-checks.ts';
import * as statuses from '../../../components/gitlab/endpoints/statuses.ts';
import * as tags from '../../../components/gitlab/endpoints/tags.ts';
import * as triggers from '../../../components/gitlab/endpoints/triggers.ts';
import * as users from '../../../components/gitlab/endpoints/users.ts';
import * as variables from '../../../components/gitlab/endpoints/variables.ts';
import type { GitLab } from '../../../components/gitlab/types.ts';
import { addTrigger } from './people.ts';
import type { Scene } from './scene.ts';

/** Calls one endpoint as somebody; what it needs and is not there is made by the scene's owner or, if own, by the caller. */
export type Sample = (gitlab: GitLab, scene: Scene) => Promise<unknown>;

const marker = '<!-- pipewright:sample -->';
const body = `${marker} Hello`;
const bytes = new TextEncoder().encode('three\n');
const found = async () => undefined;
const all = <T>(list: AsyncIterable<T>) => Array.fromAsync(list);
const mr = ({ project, mergeRequest }: Scene) => ({ project, mergeRequest });
const owner = (scene: Scene) => scene.asRole('owner');
const target = { file: 'download', maxBytes: 1_000_000 };

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

async function uploaded(scene: Scene) {
  const file = { project: scene.project, name: 'pipewright', version: '1.0.0', fileName: 'state.bin' };
  await packages.uploadPackage(owner(scene), scene.context, file, { source: { bytes } });
  const [found] = await all(packages.listPackages(owner(scene), { project: scene.project }));
  return { ...file, package: found?.id ?? 0 };
}

async function environmentOf({ project, ...scene }: Scene) {
  const [environment] = await environments.listEnvironments(scene.asRole('owner'), { project });
  return { project, environment: environment?.id ?? 0 };
}

const deploymentIn = ({ project, api }: Scene) => ({
  ...{
    project,
    environment: 'production',
    sha: api.sha,
    ref: 'main',
    tag: false,
    status: 'running' as const,
  },
});

async function deployed(scene: Scene) {
  const { id } = await deployments.createDeployment(owner(scene), deploymentIn(scene));
  return { project: scene.project, deployment: id };
}

const schedule = { description: 'Nightly', ref: 'topic', cron: '0 1 * * *', active: false };

async function scheduled(gitlab: GitLab, { project }: Scene) {
  return { project, schedule: (await schedules.createSchedule(gitlab, { project, ...schedule })).id };
}

const variable = { key: 'DEPTH', value: '3' };

async function scheduledVariable(gitlab: GitLab, scene: Scene) {
  const own = { ...(await scheduled(gitlab, scene)), ...variable };
  await scheduleVariables.createScheduleVariable(gitlab, own);
  return own;
}

const released = ({ project }: Scene) => ({ project, tag: '1.0.0' });
const newLink = () => {
  const name = randomUUID();
  return { name, url: `https://example.com/${name}` };
};

export const samples: Readonly<Record<string, Sample>> = {
  'access-tokens.listProjectTokens': (as, { project }) =>
    all(accessTokens.listProjectTokens(as, { project })),
  'approvals.getApprovals': (as, scene) => approvals.getApprovals(as, mr(scene)),
  'approvals.getApprovalState': (as, scene) => approvals.getApprovalState(as, mr(scene)),
  'approvals.listApprovalRules': (as, scene) => all(approvals.listApprovalRules(as, mr(scene))),
  'approvals.approve': (as, scene) => approvals.approve(as, { ...mr(scene), sha: scene.head }),
  'approvals.unapprove': async (as, scene) => {
    await approvals.approve(as, { ...mr(scene), sha: scene.head });
    await approvals.unapprove(as, mr(scene));
  },
  'artifacts.downloadArtifacts': (as, { project, job, context }) =>
    artifacts.downloadArtifacts(as, context, { project, job: job.id }, target),
  'artifacts.downloadArtifact': (as, { project, job, context }) =>
    artifacts.downloadArtifact(as, context, { project, job: job.id, artifact: 'out/a b.txt' }, target),
  'artifacts.fetchArtifact': (as, { project, job }) =>
    artifacts.fetchArtifact(as, { project, job: job.id, artifact: 'out/a b.txt' }, { maxBytes: 100 }),
  'artifacts.downloadLatestArtifacts': (as, { project, context }) =>
    artifacts.downloadLatestArtifacts(
      as,
      context,
      { project, ref: 'topic', job: 'test', searchRecent: true },
      target,
    ),
  'artifacts.downloadLatestArtifact': (as, { project, context }) =>
    artifacts.downloadLatestArtifact(
      as,
      context,
      { project, ref: 'topic', job: 'test', artifact: 'out/a b.txt' },
      target,
    ),
  'branches.listBranches': (as, { project }) => all(branches.listBranches(as, { project, search: 'top' })),
  'branches.getBranch': (as, { project }) => branches.getBranch(as, { project, branch: 'topic' }),
  'branches.createBranch': (as, { project, api }) =>
    branches.createBranch(as, { project, branch: 'a/b', sha: api.sha }),
  'branches.deleteBranch': (as, { project }) => branches.deleteBranch(as, { project, branch: 'topic' }),
  'branches.listProtectedBranches': (as, { project }) => all(branches.listProtectedBranches(as, { project })),
  'branches.getProtectedBranch': (as, { project }) =>
    branches.getProtectedBranch(as, { project, branch: 'main' }),
  'commits.listCommits': (as, { project }) => all(commits.listCommits(as, { project, ref: 'topic' })),
  'commits.getCommit': (as, { project, head }) => commits.getCommit(as, { project, sha: head }),
  'commits.createCommit': (as, { project }) =>
    commits.createCommit(as, {
      ...{ project, branch: 'topic', message: 'More', found },
      actions: [{ action: 'update', filePath: 'a b.txt', content: bytes }],
    }),
  'deployments.listDeployments': (as, { project }) => all(deployments.listDeployments(as, { project })),
  'deployments.getDeployment': async (as, scene) => deployments.getDeployment(as, await deployed(scene)),
  'deployments.createDeployment': (as, scene) => deployments.createDeployment(as, deploymentIn(scene)),
  'deployments.updateDeployment': async (as, scene) =>
    deployments.updateDeployment(as, { ...(await deployed(scene)), status: 'success' }),
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
  'environments.listEnvironments': (as, { project }) => environments.listEnvironments(as, { project }),
  'environments.getEnvironment': async (as, scene) =>
    environments.getEnvironment(as, await environmentOf(scene)),
  'environments.createEnvironment': (as, { project }) =>
    environments.createEnvironment(as, { project, name: 'staging', tier: 'staging' }),
  'environments.updateEnvironment': async (as, scene) =>
    environments.updateEnvironment(as, {
      ...(await environmentOf(scene)),
      externalUrl: 'https://example.com',
    }),
  'environments.stopEnvironment': async (as, scene) =>
    environments.stopEnvironment(as, await environmentOf(scene)),
  'files.readFile': (as, { project }) => files.readFile(as, { project, file: 'a b.txt', ref: 'topic' }),
  'files.listTree': (as, { project }) => all(files.listTree(as, { project, ref: 'topic', recursive: true })),
  'generic-packages.uploadPackage': (as, { project, context }) =>
    packages.uploadPackage(
      as,
      context,
      { project, name: 'p', version: '1', fileName: 'f' },
      { source: { bytes } },
    ),
  'generic-packages.downloadPackage': async (as, scene) =>
    packages.downloadPackage(as, scene.context, await uploaded(scene), target),
  'generic-packages.listPackages': (as, { project }) => all(packages.listPackages(as, { project })),
  'generic-packages.listPackageFiles': async (as, scene) =>
    all(packages.listPackageFiles(as, await uploaded(scene))),
  'generic-packages.deletePackage': async (as, scene) => packages.deletePackage(as, await uploaded(scene)),
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
  'job-token-scope.getJobTokenScope': (as, { project }) => jobTokenScope.getJobTokenScope(as, { project }),
  'job-token-scope.listAllowedProjects': (as, { project }) =>
    all(jobTokenScope.listAllowedProjects(as, { project })),
  'job-token-scope.listAllowedGroups': (as, { project, api }) => {
    api.project.jobTokenGroups.add('acme');
    return all(jobTokenScope.listAllowedGroups(as, { project }));
  },
  'jobs.listJobs': (as, { project }) => all(jobs.listJobs(as, { project, scope: ['success', 'failed'] })),
  'jobs.listPipelineJobs': (as, { project, pipeline }) =>
    all(jobs.listPipelineJobs(as, { project, pipeline: pipeline.id, retried: true })),
  'jobs.listBridges': (as, { project, pipeline }) =>
    all(jobs.listBridges(as, { project, pipeline: pipeline.id })),
  'jobs.getJob': (as, { project, job }) => jobs.getJob(as, { project, job: job.id }),
  'jobs.readTrace': (as, { project, job }) => jobs.readTrace(as, { project, job: job.id }),
  'jobs.getOwnJob': (_, { asJob }) => jobs.getOwnJob(asJob),
  'jobs.playJob': (as, { project, manual }) =>
    jobs.playJob(as, { project, job: manual.id, variables: [variable] }),
  'jobs.retryJob': (as, { project, job }) => {
    job.status = 'failed';
    return jobs.retryJob(as, { project, job: job.id });
  },
  'jobs.cancelJob': (as, { project, job }) => jobs.cancelJob(as, { project, job: job.id }),
  'labels.listLabels': (as, { project }) => all(labels.listLabels(as, { project })),
  'labels.createLabel': (as, { project }) =>
    labels.createLabel(as, { project, name: 'bug', color: '#ff0000' }),
  'lint.lintText': (as, { project }) => lint.lintText(as, { project, content: 'a: {script: b}' }),
  'lint.lintProject': (as, { project }) => lint.lintProject(as, { project }),
  'merge-requests.listMergeRequests': (as, { project }) =>
    all(mergeRequests.listMergeRequests(as, { project, state: 'opened' })),
  'merge-requests.getMergeRequest': (as, scene) => mergeRequests.getMergeRequest(as, mr(scene)),
  'members.listMembers': (as, { project }) => all(members.listMembers(as, { project })),
  'members.readMember': (as, { project, botId }) => members.readMember(as, { project, user: botId }),
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
  'metadata.getMetadata': (as) => metadata.getMetadata(as),
  'notes.listNotes': (as, scene) => all(notes.listNotes(as, mr(scene))),
  'notes.createNote': ownNote,
  'notes.updateNote': async (as, scene) =>
    notes.updateNote(as, { ...(await ownNote(as, scene)), body: 'Bye' }),
  'notes.deleteNote': async (as, scene) => notes.deleteNote(as, await ownNote(as, scene)),
  'pipelines.listPipelines': (as, { project }) => all(pipelines.listPipelines(as, { project, ref: 'main' })),
  'pipelines.getPipeline': (as, { project, pipeline }) =>
    pipelines.getPipeline(as, { project, pipeline: pipeline.id }),
  'pipelines.getLatestPipeline': (as, { project }) =>
    pipelines.getLatestPipeline(as, { project, ref: 'topic' }),
  'pipelines.createPipeline': (as, { project }) =>
    pipelines.createPipeline(as, { project, ref: 'topic', variables: [variable] }),
  'pipelines.retryPipeline': (as, { project, pipeline }) =>
    pipelines.retryPipeline(as, { project, pipeline: pipeline.id }),
  'pipelines.cancelPipeline': (as, { project, pipeline }) =>
    pipelines.cancelPipeline(as, { project, pipeline: pipeline.id }),
  'pipelines.listPipelineVariables': (as, { project, pipeline }) =>
    pipelines.listPipelineVariables(as, { project, pipeline: pipeline.id }),
  'projects.getProject': (as, { project }) => projects.getProject(as, { project }),
  'projects.updateProject': (as, { project }) =>
    projects.updateProject(as, { project, settings: { keepLatestArtifact: false } }),
  'protected-tags.listProtectedTags': (as, { project }) =>
    all(protectedTags.listProtectedTags(as, { project })),
  'release-links.listReleaseLinks': (as, scene) => all(releaseLinks.listReleaseLinks(as, released(scene))),
  'release-links.createReleaseLink': (as, scene) =>
    releaseLinks.createReleaseLink(as, { ...released(scene), ...newLink() }),
  'release-links.deleteReleaseLink': async (as, scene) => {
    const { id } = await releaseLinks.createReleaseLink(owner(scene), { ...released(scene), ...newLink() });
    await releaseLinks.deleteReleaseLink(as, { ...released(scene), link: id });
  },
  'releases.listReleases': (as, { project }) => releases.listReleases(as, { project }),
  'releases.getRelease': (as, scene) => releases.getRelease(as, released(scene)),
  'releases.createRelease': (as, { project }) =>
    releases.createRelease(as, { project, tag: '2.0.0', ref: 'main', description: 'Second' }),
  'releases.updateRelease': (as, scene) => releases.updateRelease(as, { ...released(scene), name: 'One' }),
  'resource-groups.listResourceGroups': (as, { project }) =>
    all(resourceGroups.listResourceGroups(as, { project })),
  'resource-groups.getResourceGroup': (as, { project }) =>
    resourceGroups.getResourceGroup(as, { project, key: 'production' }),
  'resource-groups.updateResourceGroup': (as, { project }) =>
    resourceGroups.updateResourceGroup(as, { project, key: 'production', processMode: 'oldest_first' }),
  'runners.listRunners': (as, { project }) => all(runners.listRunners(as, { project })),
  'runners.getRunner': (as, { api }) => {
    api.world.runners.set(2, {
      ...{ id: 2, description: 'ours', type: 'project_type', projectIds: new Set([api.project.id]) },
      ...{ paused: false, status: 'online', tags: ['linux'], runUntagged: false, locked: true },
      accessLevel: 'ref_protected',
    });
    return runners.getRunner(as, { runner: 2 });
  },
  'schedule-variables.createScheduleVariable': scheduledVariable,
  'schedule-variables.updateScheduleVariable': async (as, scene) =>
    scheduleVariables.updateScheduleVariable(as, { ...(await scheduledVariable(as, scene)), value: '4' }),
  'schedule-variables.deleteScheduleVariable': async (as, scene) =>
    scheduleVariables.deleteScheduleVariable(as, await scheduledVariable(as, scene)),
  'schedules.listSchedules': (as, { project }) => schedules.listSchedules(as, { project }),
  'schedules.getSchedule': async (as, scene) =>
    schedules.getSchedule(as, await scheduled(owner(scene), scene)),
  'schedules.createSchedule': scheduled,
  'schedules.updateSchedule': async (as, scene) =>
    schedules.updateSchedule(as, { ...(await scheduled(as, scene)), cron: '0 2 * * *' }),
  'schedules.deleteSchedule': async (as, scene) => schedules.deleteSchedule(as, await scheduled(as, scene)),
  'schedules.playSchedule': async (as, scene) =>
    schedules.playSchedule(as, await scheduled(owner(scene), scene)),
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
  'tags.getTag': async (as, { project, api }) => {
    await api.twin.repositories.updateRef(api.project, 'refs/tags/1.0.0-sample', api.sha, undefined);
    return tags.getTag(as, { project, tag: '1.0.0-sample' });
  },
  'triggers.listTriggers': (as, scene) => {
    addTrigger(scene.api);
    return all(triggers.listTriggers(as, { project: scene.project }));
  },
  'triggers.runTrigger': (_, scene) =>
    triggers.runTrigger(scene.as(undefined), {
      project: scene.project,
      ref: 'topic',
      token: addTrigger(scene.api),
    }),
  'users.currentUser': (as) => users.currentUser(as),
  'users.findUser': (as) => users.findUser(as, { username: 'bot' }),
  'variables.listVariableNames': (as, { project }) => all(variables.listVariableNames(as, { project })),
};
