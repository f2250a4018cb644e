import {
  type Branch,
  listBranches,
  listProtectedBranches,
  type ProtectedBranch,
} from '../gitlab/endpoints/branches.ts';
import { readFile } from '../gitlab/endpoints/files.ts';
import { getMember, listMembers, type Member } from '../gitlab/endpoints/members.ts';
import { getMetadata } from '../gitlab/endpoints/metadata.ts';
import { getProject, type Project } from '../gitlab/endpoints/projects.ts';
import { listSchedules, type Schedule } from '../gitlab/endpoints/schedules.ts';
import { listTriggers, type Trigger } from '../gitlab/endpoints/triggers.ts';
import type { User } from '../gitlab/endpoints/user.ts';
import { findUser } from '../gitlab/endpoints/users.ts';
import { listVariableNames, type VariableName } from '../gitlab/endpoints/variables.ts';
import { errors } from '../gitlab/errors.ts';
import type { GitLab } from '../gitlab/types.ts';
import { Failure } from '../kernel/failure.ts';
import type { Known } from './types.ts';

/** Codes of failures that leave one fact unknown and not the whole set-up. */
export type Hiding = readonly string[];

/** What the token's role hides. */
export const refusals: Hiding = [errors.FORBIDDEN.code, errors.NOT_FOUND.code];
/** That, and an answer that is broken: what is asked beside it is told all the same. */
export const brokenToo: Hiding = [...refusals, errors.MALFORMED.code, errors.SERVER_ERROR.code];

/** All that checks of a trusted project look at. */
export interface Facts {
  readonly project: Project;
  readonly version: Known<string>;
  readonly rules: Known<readonly ProtectedBranch[]>;
  readonly branches: Known<readonly Branch[]>;
  readonly members: Known<readonly Member[]>;
  readonly variables: Known<readonly VariableName[]>;
  readonly triggers: Known<readonly Trigger[]>;
  readonly schedules: Known<readonly Schedule[]>;
  /** Text of its pipelines' configuration on the default branch; undefined where there is none. */
  readonly configuration: Known<string | undefined>;
}

/** The project with the components, and who of those that start pipelines is what in it. */
export interface CatalogFacts {
  readonly path: string;
  readonly project: Known<Project>;
  readonly readers: readonly { readonly user: User; readonly member: Known<Member | undefined> }[];
}

/** What checks of a served project look at. */
export interface ServedFacts {
  readonly path: string;
  readonly project: Known<Project>;
  readonly variables: Known<readonly VariableName[]>;
  /** What the service account is in it. */
  readonly member: Known<Member | undefined>;
}

/** Fetches everything; what the token may not see is unknown. @throws other failures of GitLab */
export async function readFacts(gitlab: GitLab, project: Project, hides = refusals): Promise<Facts> {
  const of = { project: project.id };
  const [version, rules, branches, members, variables, triggers, schedules, configuration] =
    await Promise.all([
      known(
        getMetadata(gitlab).then((metadata) => metadata.version),
        hides,
      ),
      all(listProtectedBranches(gitlab, of), hides),
      all(listBranches(gitlab, of), hides),
      all(listMembers(gitlab, of), hides),
      all(listVariableNames(gitlab, of), hides),
      all(listTriggers(gitlab, of), hides),
      known(listSchedules(gitlab, of), hides),
      readConfiguration(gitlab, project, hides),
    ]);
  return { project, version, rules, branches, members, variables, triggers, schedules, configuration };
}

/** A project as the token sees it. @throws other failures of GitLab */
export function readProject(gitlab: GitLab, project: string, hides = refusals): Promise<Known<Project>> {
  return known(getProject(gitlab, { project }), hides);
}

export async function readServed(
  gitlab: GitLab,
  path: string,
  account: User | undefined,
  hides = refusals,
): Promise<ServedFacts> {
  const project = await readProject(gitlab, path, hides);
  if (!project.known) return { path, project, variables: project, member: project };
  const of = { project: project.value.id };
  const variables = await all(listVariableNames(gitlab, of), hides);
  const member: ServedFacts['member'] =
    account === undefined
      ? { known: false, reason: 'no account is named' }
      : await known(getMember(gitlab, { ...of, user: account.id }), hides);
  return { path, project, variables, member };
}

/** Of a project that everybody signed in can read nobody's role is asked for. */
export async function readCatalog(
  gitlab: GitLab,
  path: string,
  users: readonly User[],
  hides = refusals,
): Promise<CatalogFacts> {
  const project = await readProject(gitlab, path, hides);
  if (!project.known || project.value.visibility !== 'private') return { path, project, readers: [] };
  const of = { project: project.value.id };
  const readers = users.map(async (user) => ({
    ...{ user, member: await known(getMember(gitlab, { ...of, user: user.id }), hides) },
  }));
  return { path, project, readers: await Promise.all(readers) };
}

/** The user of that name; undefined where GitLab has none. */
export function readAccount(gitlab: GitLab, username: string): Promise<User | undefined> {
  return findUser(gitlab, { username });
}

export const usualConfiguration = '.gitlab-ci.yml';

/** The file that pipelines are made of; one of another project or of a URL is not read. */
export function configurationPath({ ciConfigPath = '' }: Pick<Project, 'ciConfigPath'>): string | undefined {
  if (ciConfigPath === '') return usualConfiguration;
  return /[@:]/.test(ciConfigPath) ? undefined : ciConfigPath;
}

async function readConfiguration(
  gitlab: GitLab,
  project: Project,
  hides: Hiding,
): Promise<Facts['configuration']> {
  const file = configurationPath(project);
  return file === undefined ? { known: true, value: undefined } : readText(gitlab, { project, file }, hides);
}

/** Text of a file of the default branch; undefined where there is none. */
export async function readText(
  gitlab: GitLab,
  { project: { id, defaultBranch }, file }: { readonly project: Project; readonly file: string },
  hides: Hiding,
): Promise<Known<string | undefined>> {
  if (defaultBranch === undefined) return { known: true, value: undefined };
  try {
    const bytes = await readFile(gitlab, { project: id, file, ref: defaultBranch });
    // Bytes that are no text become signs that no YAML has.
    return { known: true, value: new TextDecoder().decode(bytes) };
  } catch (error) {
    if (error instanceof Failure && error.code === errors.NOT_FOUND.code)
      return { known: true, value: undefined };
    return unknownOrThrow(error, hides);
  }
}

/** More than any real project has; who answers on and on is not listened to for ever. */
const most = 20_000;

export async function all<T>(list: AsyncIterable<T>, hides = refusals): Promise<Known<readonly T[]>> {
  const found: T[] = [];
  try {
    for await (const one of list) {
      found.push(one);
      if (found.length > most) return { known: false, reason: `there are more than ${most}` };
    }
    return { known: true, value: found };
  } catch (error) {
    return unknownOrThrow(error, hides);
  }
}

export async function known<T>(asked: Promise<T>, hides = refusals): Promise<Known<T>> {
  try {
    return { known: true, value: await asked };
  } catch (error) {
    return unknownOrThrow(error, hides);
  }
}

function unknownOrThrow(error: unknown, hides: Hiding): { readonly known: false; readonly reason: string } {
  if (error instanceof Failure && hides.includes(error.code)) return { known: false, reason: error.message };
  throw error;
}
