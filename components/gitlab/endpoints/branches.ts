import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject, unlessMissing } from './define.ts';
import { floor } from './facts.ts';
import { commitId, flag, integer, list, optional, record, text } from './shape.ts';

const common = {
  jobToken: true,
  tier: 'free',
  since: floor,
  role: 'reporter',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/branches',
} as const;
const writes = { ...common, jobToken: false, role: 'developer', scope: 'api' } as const;
const all = '/projects/:project/repository/branches';
const one = `${all}/:branch` as const;

export interface OfBranch extends OfProject {
  readonly branch: string;
}

export interface Branch {
  readonly name: string;
  readonly protected: boolean;
  readonly default: boolean;
  /** Whether the token's user may push to it. */
  readonly canPush: boolean;
  readonly commit: { readonly id: string };
}

const branchShape = record<Branch>({
  ...{ name: text, protected: flag, default: flag, canPush: flag, commit: record({ id: commitId }) },
});

export interface ProtectedBranch {
  /** Of a branch, or a pattern with `*`. */
  readonly name: string;
  readonly allowForcePush: boolean;
  readonly pushAccessLevels: readonly Level[];
  readonly mergeAccessLevels: readonly Level[];
  /** Whether owners of code must approve; it binds on Premium. */
  readonly codeOwnerApprovalRequired: boolean | undefined;
}

interface Level {
  /** 0 nobody, 30 developers, 40 maintainers, 60 admins; undefined where the rule names a user, group or key. */
  readonly accessLevel: number | undefined;
  /** The one user who it is about; with a licence only. */
  readonly userId: number | undefined;
}

const level = record<Level>({ accessLevel: optional(integer), userId: optional(integer) });

export const listBranches = defineEndpoint(
  { ...common, about: 'List branches', method: 'GET', path: all },
  (call, input: OfProject & { readonly search?: string }) =>
    call.list(input, json(list(branchShape)), { search: input.search }),
);

export const getBranch = defineEndpoint(
  { ...common, about: 'Get a branch and its tip', method: 'GET', path: one },
  (call, input: OfBranch): Promise<Branch> => call.send(input, json(branchShape)),
);

/** Makes a branch at a commit; one that is there is refused, unless our lost request made it there. */
export const createBranch = defineEndpoint(
  { ...writes, about: 'Create a branch at a commit', method: 'POST', path: all, replay: 'marker' },
  (call, input: OfBranch & { readonly sha: string }): Promise<Branch> => {
    const { branch, sha } = input;
    const found = async () => {
      const there = await unlessMissing(getBranch(call.gitlab, input));
      return there?.commit.id === sha ? there : undefined;
    };
    return call.send(input, json(branchShape), { body: { json: { branch, ref: sha } }, found });
  },
);

/** Protected branches are refused. */
export const deleteBranch = defineEndpoint(
  { ...writes, about: 'Delete a branch', method: 'DELETE', path: one },
  (call, input: OfBranch) => call.remove(input),
);

const protectedBranchShape = record<ProtectedBranch>({
  ...{ name: text, allowForcePush: flag },
  ...{ pushAccessLevels: list(level), mergeAccessLevels: list(level) },
  codeOwnerApprovalRequired: optional(flag),
});
const protections = '/projects/:project/protected_branches';
const readsProtection = {
  ...common,
  method: 'GET',
  jobToken: false,
  role: 'maintainer',
  source: 'docs.gitlab.com/api/protected_branches',
} as const;

/** All rules, of names and of patterns with `*`. */
export const listProtectedBranches = defineEndpoint(
  { ...readsProtection, about: 'List the protected branches of a project', path: protections },
  (call, input: OfProject): AsyncGenerator<ProtectedBranch> =>
    call.list(input, json(list(protectedBranchShape))),
);

/** The rule of exactly this name: a branch that a pattern protects has none of its own. */
export const getProtectedBranch = defineEndpoint(
  {
    ...{ ...readsProtection, about: 'Get who may push and merge to a protected branch' },
    path: `${protections}/:branch`,
  },
  (call, input: OfBranch): Promise<ProtectedBranch> => call.send(input, json(protectedBranchShape)),
);
