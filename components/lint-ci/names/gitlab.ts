/**
 * Names of variables that pipelines of others use. Nothing here reads one: of this command's own job `gitlab/ci-context.ts`
 * does. https://docs.gitlab.com/ci/variables/predefined_variables/
 */

/** What whoever pushes or opens a merge request writes: whether it may hold white space and all else, or is the name of a ref. */
export const untrusted: ReadonlyMap<string, { readonly freeText: boolean }> = new Map([
  ...[
    'CI_COMMIT_MESSAGE',
    'CI_COMMIT_TITLE',
    'CI_COMMIT_DESCRIPTION',
    'CI_COMMIT_AUTHOR',
    'CI_COMMIT_TAG_MESSAGE',
    'CI_MERGE_REQUEST_TITLE',
    'CI_MERGE_REQUEST_DESCRIPTION',
    // A label of a forked project's own is no label of this one, but whoever may label may name labels.
    'CI_MERGE_REQUEST_LABELS',
    'CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME',
    // The path of a file with the body of the request that triggered the pipeline.
    'TRIGGER_PAYLOAD',
  ].map((name) => [name, { freeText: name !== 'TRIGGER_PAYLOAD' && !name.endsWith('_NAME') }] as const),
  // git-check-ref-format(1) forbids spaces, `*`, `?` and `[` in the name of a ref, and not `$`, `(`, `;`, `|` and quotes.
  // The name of a tag is left out: who may push one is a matter of protected tags.
  ...['CI_COMMIT_REF_NAME', 'CI_COMMIT_BRANCH', 'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'].map(
    (name) => [name, { freeText: false }] as const,
  ),
]);

/** The token that GitLab gives each job; what it may do is little, and pushing is a setting of the project. */
export const jobToken = 'CI_JOB_TOKEN';

/** Variables that make a runner print every command with its values, or the logs of services. */
export const traces: ReadonlySet<string> = new Set(['CI_DEBUG_TRACE', 'CI_DEBUG_SERVICES']);

type Facts = Readonly<Record<string, Known>>;
/** A value; null where the variable is not set; `set` where it is set to something that is not known. */
export type Known = string | null | typeof isSet;
export const isSet = Symbol('set');

const branch = 'feature/x';
const common: Facts = {
  CI_DEFAULT_BRANCH: 'main',
  CI_PROJECT_PATH: isSet,
  CI_SERVER_HOST: isSet,
  CI_COMMIT_SHA: isSet,
  CI: 'true',
};
const noMergeRequest: Facts = {
  CI_MERGE_REQUEST_ID: null,
  CI_MERGE_REQUEST_IID: null,
  CI_MERGE_REQUEST_EVENT_TYPE: null,
  CI_MERGE_REQUEST_LABELS: null,
  CI_MERGE_REQUEST_TITLE: null,
  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: null,
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: null,
  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: null,
  CI_MERGE_REQUEST_PROJECT_PATH: null,
};

/** A pipeline of a merge request; a ref of one counts as not protected, as its author writes it. */
export const mergeRequestFacts: Facts = {
  ...common,
  CI_PIPELINE_SOURCE: 'merge_request_event',
  CI_MERGE_REQUEST_ID: isSet,
  CI_MERGE_REQUEST_IID: isSet,
  CI_MERGE_REQUEST_TITLE: isSet,
  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: branch,
  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: isSet,
  CI_OPEN_MERGE_REQUESTS: isSet,
  CI_COMMIT_REF_NAME: branch,
  CI_COMMIT_BRANCH: null,
  CI_COMMIT_TAG: null,
  CI_COMMIT_REF_PROTECTED: 'false',
  CI_COMMIT_TITLE: isSet,
  CI_COMMIT_MESSAGE: isSet,
};

/** A push to a branch that has an open merge request. */
export const branchFacts: Facts = {
  ...common,
  ...noMergeRequest,
  CI_PIPELINE_SOURCE: 'push',
  CI_OPEN_MERGE_REQUESTS: isSet,
  CI_COMMIT_REF_NAME: branch,
  CI_COMMIT_BRANCH: branch,
  CI_COMMIT_TAG: null,
  CI_COMMIT_REF_PROTECTED: 'false',
  CI_COMMIT_TITLE: isSet,
  CI_COMMIT_MESSAGE: isSet,
};

/** A push to the default branch. */
export const defaultBranchFacts: Facts = {
  ...branchFacts,
  CI_OPEN_MERGE_REQUESTS: null,
  CI_COMMIT_REF_NAME: 'main',
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_REF_PROTECTED: 'true',
};

export type { Facts };

/** What conditions name only where they mean merge trains. */
export const eventType = 'CI_MERGE_REQUEST_EVENT_TYPE';

/** Text that names the commit itself, the one branch name that cannot move. */
export const commitSha = /^\$\{?CI_COMMIT_SHA\}?$/;
