import { randomUUID } from 'node:crypto';
import * as accessTokens from '../../../../components/gitlab/endpoints/access-tokens.ts';
import * as branches from '../../../../components/gitlab/endpoints/branches.ts';
import * as commits from '../../../../components/gitlab/endpoints/commits.ts';
import * as files from '../../../../components/gitlab/endpoints/files.ts';
import * as packages from '../../../../components/gitlab/endpoints/generic-packages.ts';
import * as jobTokenScope from '../../../../components/gitlab/endpoints/job-token-scope.ts';
import * as members from '../../../../components/gitlab/endpoints/members.ts';
import * as metadata from '../../../../components/gitlab/endpoints/metadata.ts';
import * as projects from '../../../../components/gitlab/endpoints/projects.ts';
import * as protectedTags from '../../../../components/gitlab/endpoints/protected-tags.ts';
import * as releaseLinks from '../../../../components/gitlab/endpoints/release-links.ts';
import * as releases from '../../../../components/gitlab/endpoints/releases.ts';
import * as tags from '../../../../components/gitlab/endpoints/tags.ts';
import * as users from '../../../../components/gitlab/endpoints/users.ts';
import * as variables from '../../../../components/gitlab/endpoints/variables.ts';
import type { Scene } from '../scene.ts';
import { all, owner, type Sample, target } from './sample.ts';

const bytes = new TextEncoder().encode('three\n');

const found = async () => undefined;

async function uploaded(scene: Scene) {
  const file = { project: scene.project, name: 'pipewright', version: '1.0.0', fileName: 'state.bin' };
  await packages.uploadPackage(owner(scene), scene.context, file, { source: { bytes } });
  const [found] = await all(packages.listPackages(owner(scene), { project: scene.project }));
  return { ...file, package: found?.id ?? 0 };
}

const released = ({ project }: Scene) => ({ project, tag: '1.0.0' });
const newLink = () => {
  const name = randomUUID();
  return { name, url: `https://example.com/${name}` };
};

/** Requests about a project, its repository, members and packages. */
export const projectSamples: Readonly<Record<string, Sample>> = {
  'access-tokens.listProjectTokens': (as, { project }) =>
    all(accessTokens.listProjectTokens(as, { project })),
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
  'job-token-scope.getJobTokenScope': (as, { project }) => jobTokenScope.getJobTokenScope(as, { project }),
  'job-token-scope.listAllowedProjects': (as, { project }) =>
    all(jobTokenScope.listAllowedProjects(as, { project })),
  'job-token-scope.listAllowedGroups': (as, { project, api }) => {
    api.project.jobTokenGroups.add('acme');
    return all(jobTokenScope.listAllowedGroups(as, { project }));
  },
  'members.listMembers': (as, { project }) => all(members.listMembers(as, { project })),
  'members.readMember': (as, { project, botId }) => members.readMember(as, { project, user: botId }),
  'metadata.getMetadata': (as) => metadata.getMetadata(as),
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
  'tags.getTag': async (as, { project, api }) => {
    await api.twin.repositories.updateRef(api.project, 'refs/tags/1.0.0-sample', api.sha, undefined);
    return tags.getTag(as, { project, tag: '1.0.0-sample' });
  },
  'users.currentUser': (as) => users.currentUser(as),
  'users.findUser': (as) => users.findUser(as, { username: 'bot' }),
  'variables.listVariableNames': (as, { project }) => all(variables.listVariableNames(as, { project })),
};
