import type { Context } from '../kernel/context.ts';
import { runsInGitLab, variables } from './ci-context.ts';
import type {
  CiParts,
  JobPart,
  MergeRequestPart,
  PipelinePart,
  ProjectPart,
  RefPart,
  ServerPart,
  UserPart,
} from './ci-types.ts';
import { errors } from './errors.ts';
import { createVariableReader, type VariableReader } from './variable-reader.ts';

type Read<Part> = (reader: VariableReader, now: number) => Part;

const readers: { readonly [Name in keyof CiParts]: Read<CiParts[Name]> } = {
  project: readProject,
  ref: readRef,
  mergeRequest: readMergeRequest,
  pipeline: readPipeline,
  job: readJob,
  server: readServer,
  user: readUser,
};

/**
 * Reads the parts of the job's context a command cannot do without. Throws `Failures` with every variable that is missing
 * (GITLAB_VARIABLE_MISSING), wrong (GITLAB_VARIABLE_INVALID) or contrary to another (GITLAB_VARIABLES_CONTRADICT), and
 * GITLAB_NO_JOB outside of GitLab.
 */
export function requireCi<const Name extends keyof CiParts>(
  { env, clock }: Pick<Context, 'env' | 'clock'>,
  ...names: readonly Name[]
): Pick<CiParts, Name> {
  if (!runsInGitLab(env)) throw errors.NO_JOB({ parts: names.join(', ') });
  const reader = createVariableReader(env);
  const parts = names.map((name) => [name, readers[name](reader, clock.now())]);
  reader.done();
  return Object.fromEntries(parts) as Pick<CiParts, Name>;
}

function readProject(reader: VariableReader): ProjectPart {
  return {
    id: reader.number(variables.projectId),
    path: reader.text(variables.projectPath),
    url: reader.url(variables.projectUrl),
    defaultBranch: reader.text(variables.defaultBranch),
  };
}

function readRef(reader: VariableReader): RefPart {
  const name = reader.text(variables.refName);
  const tag = reader.optional(variables.commitTag);
  const branch = reader.optional(variables.commitBranch);
  if (tag !== undefined && branch !== undefined) {
    reader.contradict([variables.commitTag, variables.commitBranch], 'a pipeline is of a tag or of a branch');
  }
  for (const [variable, value] of [
    [variables.commitTag, tag],
    [variables.commitBranch, branch],
  ] as const) {
    if (value !== undefined && value !== name) {
      reader.contradict([variable, variables.refName], `one says ${value} and the other ${name}`);
    }
  }
  const kind = tag !== undefined ? 'tag' : branch !== undefined ? 'branch' : 'merge-request';
  // A pipeline of neither is a merge request's, and then says so.
  if (kind === 'merge-request') reader.text(variables.mergeRequestIid);
  return {
    kind,
    name,
    protected: reader.flag(variables.refProtected),
    sha: reader.commit(variables.commitSha),
  };
}

function readMergeRequest(reader: VariableReader): MergeRequestPart {
  const event = reader.oneOf(variables.mergeRequestEvent, ['detached', 'merged_result', 'merge_train']);
  // Only where the checkout is another commit does GitLab name the source branch's.
  const sha = reader.commit(event === 'detached' ? variables.commitSha : variables.sourceSha);
  const target = {
    projectId: reader.number(variables.targetProjectId),
    projectPath: reader.text(variables.targetProjectPath),
    branch: reader.text(variables.targetBranch),
    sha: event === 'detached' ? undefined : reader.commit(variables.targetSha),
  };
  const source = {
    projectId: reader.number(variables.sourceProjectId),
    projectPath: reader.text(variables.sourceProjectPath),
    branch: reader.text(variables.sourceBranch),
    sha,
  };
  const project = reader.number(variables.projectId);
  if (project !== target.projectId && project !== source.projectId) {
    reader.contradict(
      [variables.projectId, variables.targetProjectId, variables.sourceProjectId],
      `the pipeline of a merge request runs in its target (${target.projectId}) or its source (${source.projectId}), not in ${project}`,
    );
  }
  return {
    iid: reader.number(variables.mergeRequestIid),
    event,
    target,
    source,
    diffBaseSha: reader.optionalCommit(variables.mergeRequestDiffBase),
    fork: source.projectId !== target.projectId,
  };
}

function readPipeline(reader: VariableReader): PipelinePart {
  const pipelineId = reader.optionalNumber(variables.upstreamPipelineId);
  const projectId = reader.optionalNumber(variables.upstreamProjectId);
  return {
    id: reader.number(variables.pipelineId),
    iid: reader.number(variables.pipelineIid),
    source: reader.text(variables.pipelineSource),
    url: reader.url(variables.pipelineUrl),
    upstream: pipelineId === undefined || projectId === undefined ? undefined : { pipelineId, projectId },
  };
}

function readJob(reader: VariableReader, now: number): JobPart {
  const startedAt = reader.time(variables.jobStartedAt);
  const deadline = startedAt + reader.number(variables.jobTimeout) * 1000;
  if (deadline <= now) {
    reader.contradict(
      [variables.jobStartedAt, variables.jobTimeout],
      `by them the job ended at ${new Date(deadline).toISOString()}, and it is ${new Date(now).toISOString()}`,
    );
  }
  const index = reader.optionalNumber(variables.nodeIndex);
  const total = reader.optionalNumber(variables.nodeTotal) ?? 1;
  if (index !== undefined && index > total) {
    reader.contradict([variables.nodeIndex, variables.nodeTotal], `there is no copy ${index} of ${total}`);
  }
  const name = reader.optional(variables.environmentName);
  return {
    id: reader.number(variables.jobId),
    name: reader.text(variables.jobName),
    stage: reader.text(variables.jobStage),
    url: reader.url(variables.jobUrl),
    startedAt,
    deadline,
    node: index === undefined ? undefined : { index, total },
    environment:
      name === undefined
        ? undefined
        : {
            name,
            url: reader.optional(variables.environmentUrl),
            tier: reader.optional(variables.environmentTier),
          },
  };
}

function readServer(reader: VariableReader): ServerPart {
  const url = reader.url(variables.serverUrl);
  const apiUrl = reader.url(variables.apiUrl);
  if (!isBelow(apiUrl, url)) {
    reader.contradict([variables.apiUrl, variables.serverUrl], `${apiUrl} is not below ${url}`);
  }
  return {
    url,
    apiUrl,
    version: reader.text(variables.serverVersion),
    caFile: reader.optional(variables.serverCaFile),
  };
}

// Whoever may set a variable could otherwise have the token sent to a host of theirs.
function isBelow(url: string, above: string): boolean {
  const [inner, outer] = [URL.parse(url), URL.parse(above)];
  if (inner === null || outer === null) return false;
  return inner.origin === outer.origin && inner.pathname.startsWith(`${outer.pathname.replace(/\/$/, '')}/`);
}

function readUser(reader: VariableReader): UserPart {
  return {
    id: reader.number(variables.userId),
    login: reader.text(variables.userLogin),
    name: reader.optional(variables.userName),
  };
}
