import { Failure } from '../../../components/kernel/failure.ts';
import { type Figure, figure } from '../figure.ts';
import { attemptOf } from './attempts.ts';
import { changesBetween, factsOf } from './effects-beyond.ts';
import { branchAttempts, triggerAttempts } from './from-outside.ts';
import { type BoundaryWorld, type Opened, startWorld } from './world.ts';

const price = { 'src/price.js': 'export const vat = 19;\n' };

/** What came of all attempts. */
interface Tally {
  attempts: number;
  /** Attempts of which something was done, all of it allowed. */
  done: number;
  refused: number;
  readonly beyond: string[];
}

/**
 * A hostile author on the merge request's side: planted proposals, source branches and a stolen trigger token. After each
 * attempt the whole instance is compared with what was there before; what policy allows is left out of that.
 *
 * @param planted - how many files of proposals
 */
export async function measureHostileAuthor(planted = 1_000): Promise<readonly Figure[]> {
  const world = await startWorld();
  const tally: Tally = { attempts: 0, done: 0, refused: 0, beyond: [] };
  try {
    await plantAll(world, tally, planted);
    await pushAll(world, tally);
    await triggerAll(world, tally);
  } finally {
    await world.close();
  }
  const some = tally.beyond.slice(0, 5).join('; ');
  const counts = `${tally.attempts} attempts, ${tally.refused} refused as a whole, ${tally.done} with allowed effects`;
  return [
    figure({
      ...{ id: 'effects-beyond-policy', value: tally.beyond.length, unit: '', better: 'lower', goal: 0 },
      against: `${counts}${some === '' ? '' : `; ${some}`}`,
    }),
    figure({
      ...{ id: 'hostile-attempts', value: tally.attempts, unit: '', better: 'higher', goal: 1_000 },
      against: `${planted} planted files, ${branchAttempts.length} source branches, ${triggerAttempts.length} uses of a stolen trigger token`,
    }),
  ];
}

async function plantAll(world: BoundaryWorld, tally: Tally, planted: number): Promise<void> {
  const opened: Opened[] = [];
  for (const branch of ['one', 'two', 'three']) opened.push(await world.open(branch, price));
  for (let seed = 1; seed <= planted; seed += 1) {
    const { at, planted: attempt } = attemptOf(world, seed, opened);
    world.plant(at.pipeline, attempt.text);
    await judge(world, tally, `${attempt.kind} (seed ${seed})`, async () => {
      const { report } = await world.apply(attempt.asked);
      return report.bundles.some(({ proposals }) => proposals.some(({ receipt }) => receipt !== undefined));
    });
  }
}

/** Each is decided in a job of the trusted project, so that what lies in a branch could reach it if anything could. */
async function pushAll(world: BoundaryWorld, tally: Tally): Promise<void> {
  for (const [index, { name, files }] of branchAttempts.entries()) {
    const { mergeRequest, pipeline } = await world.open(`branch-${index}`, files);
    const bundle = world.bundleFor(mergeRequest, [
      { kind: 'label', label: 1 },
      { kind: 'label', label: 0 },
    ]);
    world.plant(pipeline, JSON.stringify(bundle));
    const inputs = { project: world.shop.id, 'merge-request': mergeRequest.iid, pipeline: pipeline.id };
    await judge(world, tally, name, async () => {
      await trigger(world, { inputs });
      const decided = await world.newest(world.trusted);
      return decided?.status === 'success';
    });
  }
}

async function triggerAll(world: BoundaryWorld, tally: Tally): Promise<void> {
  const { mergeRequest, pipeline } = await world.open('stolen', price);
  world.plant(pipeline, JSON.stringify(world.bundleFor(mergeRequest, [{ kind: 'label', label: 1 }])));
  const numbers = { project: world.shop.id, 'merge-request': mergeRequest.iid, pipeline: pipeline.id };
  for (const { name, inputs, ...rest } of triggerAttempts) {
    await judge(world, tally, `trigger: ${name}`, async () => {
      const status = await trigger(world, { ...rest, inputs: { ...numbers, ...inputs } });
      if (status === 201) await world.newest(world.trusted);
      return false;
    });
  }
}

async function trigger(
  { twin, trigger: token, trusted }: BoundaryWorld,
  body: { readonly ref?: string; readonly inputs: object; readonly variables?: object },
): Promise<number> {
  const answer = await fetch(`${twin.url}/api/v4/projects/${trusted.id}/trigger/pipeline`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ref: 'main', token, ...body }),
  });
  return answer.status;
}

async function judge(
  world: BoundaryWorld,
  tally: Tally,
  name: string,
  attempt: () => Promise<boolean>,
): Promise<void> {
  const before = await factsOf(world);
  tally.attempts += 1;
  try {
    if (await attempt()) tally.done += 1;
    else tally.refused += 1;
  } catch (error) {
    if (!(error instanceof Failure)) throw new Error(`${name}: ${String(error)}`, { cause: error });
    tally.refused += 1;
  }
  const changed = changesBetween(before, await factsOf(world));
  if (changed.length > 0) tally.beyond.push(`${name}: ${changed.join(', ')}`);
}
