import type { Variable } from '../../../components/twin/world/project.ts';
import { addPersonalToken, addTriggerToken } from '../../../components/twin/world/seed.ts';
import { findUser, type Tier, timeOf } from '../../../components/twin/world/world.ts';
import { codeOwners, commitShop, type DoctorSetup } from '../doctor-setup.ts';
import { trusted, trustedFiles } from '../trusted-setup.ts';

export type Undo = () => unknown;

/** One thing that is set up wrongly, and the one line that says so. */
export interface Fault {
  readonly make?: (setup: DoctorSetup) => Undo | Promise<Undo>;
  /** Changes the configuration of the default branch, or takes it away. */
  readonly edit?: (yaml: string) => string | null;
  readonly says: RegExp;
  /** Of further lines that follow from it, in their order. */
  readonly also?: readonly RegExp[];
  /** What is told and is no mistake. */
  readonly isNote?: true;
  /** Where it is a fault only with a licence. */
  readonly tier?: Tier;
  /** It shows only where the trusted project is looked at too. */
  readonly trusted?: true;
  /** What else it touches, so that no other fault does at the same time. */
  readonly places?: readonly string[];
}

/** Sets fields of a record, and gives what sets them back. */
export function set<T extends object>(record: T | undefined, change: Partial<T>): Undo {
  if (record === undefined) throw new Error('nothing to change');
  const before = { ...record };
  Object.assign(record, change);
  return () => Object.assign(record, before);
}

export const setting = (change: Partial<DoctorSetup['shop']['settings']>) => (setup: DoctorSetup) =>
  set(setup.shop.settings, change);
export const variableOf = ({ shop }: DoctorSetup, key: string) =>
  shop.variables.find((one) => one.key === key);

export function added<T>(list: T[], one: T): Undo {
  list.push(one);
  return () => list.splice(list.indexOf(one), 1);
}

/** A further variable, kept as the deploy token is but for what is given. */
export function secret(setup: DoctorSetup, change: Partial<Variable> & Pick<Variable, 'key'>): Undo {
  const kept = variableOf(setup, 'DEPLOY_TOKEN');
  if (kept === undefined) throw new Error('there is no deploy token');
  return added(setup.shop.variables, { ...kept, ...change });
}

function userOf({ twin }: DoctorSetup, name: string) {
  const user = findUser(twin.world, name);
  if (user === undefined) throw new Error(`no user ${name}`);
  return user;
}

export const owners = (text: string | null) => async (setup: DoctorSetup) => {
  await commitShop(setup, { CODEOWNERS: text });
  return () => commitShop(setup, { CODEOWNERS: codeOwners });
};

export const token = (expiresAt: (now: number) => number) => (setup: DoctorSetup) => {
  const { world } = setup.twin;
  const { id: userId } = userOf(setup, 'bot');
  const day = new Date(expiresAt(Date.parse(timeOf(world)))).toISOString().slice(0, 10);
  const { value } = addPersonalToken(world, {
    ...{ userId, name: 'deploys', scopes: ['read_api'], expiresAt: day, projectId: setup.shop.id },
  });
  return () => world.tokens.delete(value);
};

export const trigger =
  (name: string, change: { expiresAt?: string } = {}) =>
  (setup: DoctorSetup) => {
    const made = addTriggerToken(setup.twin.world, setup.shop, userOf(setup, name), 'by hand');
    Object.assign(made, change);
    return () => setup.twin.world.tokens.delete(made.value);
  };

export const schedule =
  (owner: string, change: { active?: boolean; ref?: string } = {}) =>
  (setup: DoctorSetup) => {
    const at = timeOf(setup.twin.world);
    setup.shop.schedules.set(77, {
      ...{ id: 77, description: 'nightly', ref: 'refs/heads/main', cron: '0 3 * * *', cronTimezone: 'UTC' },
      ...{ active: true, inputs: [], variables: [], ownerId: userOf(setup, owner).id },
      ...{ createdAt: at, updatedAt: at, lastPipelineId: undefined },
      ...change,
    });
    return () => setup.shop.schedules.delete(77);
  };

/** Commits other files to the trusted project. */
export async function trustedAs(
  { twin }: DoctorSetup,
  files: Readonly<Record<string, string>>,
): Promise<Undo> {
  await twin.push(trusted, 'main', files);
  return () => twin.push(trusted, 'main', trustedFiles());
}

export const runnerOf = ({ twin }: DoctorSetup, id: number) => twin.world.runners.get(id);
export const day = 86_400_000;

/** A second pipeline of the newest commit, as a push to a branch with a merge request makes it. */
export function secondPipeline({ twin, shop }: DoctorSetup): Undo {
  const { pipelines } = twin.world;
  const newest = [...pipelines.values()].filter(({ projectId }) => projectId === shop.id).at(-1);
  if (newest === undefined) throw new Error('there is no pipeline');
  const id = 90_000;
  const ref = 'refs/merge-requests/1/head';
  pipelines.set(id, { ...newest, id, iid: id, ref, source: 'merge_request_event' });
  return () => pipelines.delete(id);
}

export const workflow = /^workflow:[\s\S]*?(?=^include:)/m;
