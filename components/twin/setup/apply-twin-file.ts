import { resolve } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { type Imported, importFolder } from '../repositories/import.ts';
import type { RunningTwin } from '../twin.ts';
import { protectionOf } from '../world/access.ts';
import { accessLevels, type User } from '../world/people.ts';
import type { Project, ProtectedRef } from '../world/project.ts';
import {
  addPersonalToken,
  addProject,
  addTriggerToken,
  addUser,
  addVariable,
  protectBranch,
} from '../world/seed.ts';
import { findProject, findUser, timeOf, type World } from '../world/world.ts';
import { localUser } from './check-names.ts';
import { forkDepth } from './forks.ts';
import type { TwinFile, TwinProject, TwinProtection, TwinVariable } from './twin-file.gen.ts';

export interface SetUp {
  /** Token of each user that has one. */
  readonly tokens: ReadonlyMap<string, string>;
  /** What came from folders, by path of the project. */
  readonly imported: ReadonlyMap<string, Imported>;
}

/**
 * Fills an empty twin as a checked twin file says. Nothing happens yet: no pipeline is created.
 *
 * @param base - folder that the file's paths start from
 * @throws TWIN_GIT where a folder's repository cannot be read
 */
export async function applyTwinFile(
  context: Context,
  twin: RunningTwin,
  file: TwinFile,
  base: string,
): Promise<SetUp> {
  const { world } = twin;
  const owner =
    findUser(world, localUser) ?? addUser(world, { username: localUser, name: 'Local User', admin: true });
  const tokens = new Map([[localUser, addPersonalToken(world, { userId: owner.id, scopes: ['api'] }).value]]);
  for (const [username, { kind = 'human', scopes }] of Object.entries(file.users ?? {})) {
    const user = findUser(world, username) ?? addUser(world, { username, kind });
    tokens.set(username, addPersonalToken(world, { userId: user.id, scopes: scopes ?? ['api'] }).value);
  }
  const imported = new Map<string, Imported>();
  const entries = Object.entries(file.projects ?? {});
  // Forks come after what they are made from.
  const depth = ([path]: readonly [string, TwinProject]) => forkDepth(file, path) ?? 0;
  for (const [path, project] of entries.toSorted((a, b) => depth(a) - depth(b))) {
    const made = await createProject(context, twin, owner, path, project, base);
    if (made !== undefined) imported.set(path, made);
  }
  for (const [path, wanted] of entries) {
    const project = findProject(world, path);
    if (project !== undefined) configure(context, twin, project, wanted, file, tokens);
  }
  return { tokens, imported };
}

async function createProject(
  context: Context,
  twin: RunningTwin,
  owner: User,
  path: string,
  { folder, fork_of: parentPath, visibility, settings }: TwinProject,
  base: string,
): Promise<Imported | undefined> {
  const { world, repositories } = twin;
  const parent = parentPath === undefined ? undefined : findProject(world, parentPath);
  const project = addProject(world, {
    ...{ path, creatorId: owner.id },
    ...(visibility === undefined ? {} : { visibility }),
    ...(settings === undefined ? {} : { settings }),
    ...(parent === undefined ? {} : { forkedFromId: parent.id, defaultBranch: parent.defaultBranch }),
  });
  if (parent !== undefined) {
    await repositories.fork(parent, project);
    return undefined;
  }
  if (folder === undefined) {
    await repositories.create(project);
    return undefined;
  }
  return importFolder(context, repositories, project, resolve(base, folder), { workingTree: true });
}

function configure(
  { env }: Context,
  { world }: RunningTwin,
  project: Project,
  wanted: TwinProject,
  file: TwinFile,
  tokens: ReadonlyMap<string, string>,
): void {
  const roles = Object.entries(file.users ?? {}).flatMap(([name, { role }]) =>
    role === undefined ? [] : [[name, role] as const],
  );
  for (const [name, role] of [...roles, ...Object.entries(wanted.members ?? {})]) {
    const user = findUser(world, name);
    if (user !== undefined) project.members.set(user.id, accessLevels[role]);
  }
  for (const [name, levels] of Object.entries(wanted.protected_branches ?? {}))
    protect(project, name, levels, world.nextId);
  const { defaultBranch } = project;
  if (defaultBranch !== undefined && protectionOf(project.protectedBranches, defaultBranch) === undefined) {
    protectBranch(world, project, defaultBranch);
  }
  const trigger = (path: string, owner: string) => triggerToken(world, path, owner);
  for (const [key, variable] of Object.entries(wanted.variables ?? {})) {
    addVariable(project, { key, ...variableOf(variable, env, tokens, trigger) });
  }
  for (const path of wanted.job_token_allowlist ?? []) {
    const other = findProject(world, path);
    if (other !== undefined) project.jobTokenAllowlist.add(other.id);
  }
  for (const [description, schedule] of Object.entries(wanted.schedules ?? {})) {
    const {
      cron,
      timezone = 'UTC',
      ref = defaultBranch ?? 'main',
      owner = localUser,
      variables = {},
      inputs = {},
    } = schedule;
    const id = world.nextId('schedule');
    project.schedules.set(id, {
      ...{ id, description, ref, cron, cronTimezone: timezone, active: true },
      inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })),
      ownerId: findUser(world, owner)?.id ?? project.creatorId,
      variables: Object.entries(variables).map(([key, value]) => ({ key, value, variableType: 'env_var' })),
      ...{ createdAt: timeOf(world), updatedAt: timeOf(world), lastPipelineId: undefined },
    });
  }
}

/** One of a project and an owner, whoever has it as a variable. Both are there: the file has been checked. */
function triggerToken(world: World, path: string, ownerName: string): string | undefined {
  const [project, owner] = [findProject(world, path), findUser(world, ownerName)];
  if (project === undefined || owner === undefined) return undefined;
  const known = [...world.tokens.values()].find(
    (token) => token.kind === 'trigger' && token.projectId === project.id && token.ownerId === owner.id,
  );
  return (known ?? addTriggerToken(world, project, owner, 'of the twin file')).value;
}

const levelNames = { 'no one': 'none', developer: 'developer', maintainer: 'maintainer' } as const;

function protect(
  project: Project,
  name: string,
  { push = 'maintainer', merge = 'maintainer' }: TwinProtection,
  nextId: (kind: string) => number,
): void {
  const rule: ProtectedRef = {
    ...{ id: nextId('protected_branch'), name, allowForcePush: false },
    pushLevel: accessLevels[levelNames[push]],
    mergeLevel: accessLevels[levelNames[merge]],
  };
  project.protectedBranches.push(rule);
}

function variableOf(
  variable: TwinVariable,
  env: Context['env'],
  tokens: ReadonlyMap<string, string>,
  triggerOf: (project: string, owner: string) => string | undefined,
): Omit<Parameters<typeof addVariable>[1], 'key'> {
  if (typeof variable === 'string') return { value: variable };
  const {
    value,
    from_env: source,
    token_of: user,
    trigger_of: triggered,
    owner = localUser,
    file,
    environment_scope: environmentScope,
    ...rest
  } = variable;
  const read = source === undefined ? undefined : env[source];
  return {
    // What comes from the environment is a secret until somebody says it is none.
    ...{ masked: source !== undefined, ...rest },
    value:
      value ?? read ?? (triggered === undefined ? tokens.get(user ?? '') : triggerOf(triggered, owner)) ?? '',
    ...(file === true ? { variableType: 'file' as const } : {}),
    ...(environmentScope === undefined ? {} : { environmentScope }),
  };
}
