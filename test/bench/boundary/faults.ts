import { createGitLab } from '../../../components/gitlab/client.ts';
import type { Clock, Context } from '../../../components/kernel/context.ts';
import { Failure } from '../../../components/kernel/failure.ts';
import { scheduleOf } from '../../contracts/client-and-twin/schedules.ts';
import { virtualClock } from '../../contracts/client-and-twin/start.ts';
import { testContext } from '../../support/cli.ts';
import { type Figure, figure } from '../figure.ts';
import { type BoundaryWorld, type Opened, startWorld } from './world.ts';

const schedules = 1_000;

/** Copies of each effect of one merge request. */
type Copies = Readonly<Record<'note' | 'label' | 'issue', number>>;

/**
 * `apply` with an effect of each kind, whose job is killed at a random request while GitLab fails by a random schedule, then
 * is run again under the same one, and once more when GitLab is well: what is lost and what is there twice after that.
 */
export async function measureApplyFaults(): Promise<readonly Figure[]> {
  const { clock, skipTime } = createSkippingClock();
  const world = await startWorld(clock);
  const lost = { note: 0, label: 0, issue: 0 };
  const doubled = { note: 0, label: 0, issue: 0 };
  const seen = { crashes: 0, failures: 0, faults: 0, between: 0 };
  try {
    const opened = await world.open('price', { 'src/price.js': 'export const vat = 19;\n' });
    world.plant(opened.pipeline, JSON.stringify(bundleOf(world, opened)));
    skipTime();
    for (let seed = 1; seed <= schedules; seed += 1) {
      world.twin.faults.follow(scheduleOf(seed, 'lagging', clock));
      // About 30 requests make a whole run; one in four is never killed.
      const crashed = await run(world, opened, (seed * 7) % 40);
      seen.crashes += Number(crashed === 'crashed');
      seen.failures += Number((await run(world, opened)) === 'failed');
      seen.faults += world.twin.journal.entries.filter(({ fault }) => fault !== undefined).length;
      world.twin.faults.clear();
      seen.between += Number(Object.values(copiesOf(world, opened)).some((count) => count !== 1));
      await run(world, opened);
      const copies = copiesOf(world, opened);
      for (const kind of ['note', 'label', 'issue'] as const) {
        lost[kind] += Number(copies[kind] === 0);
        doubled[kind] += Math.max(0, copies[kind] - 1);
      }
      tidy(world, opened);
    }
  } finally {
    await world.close();
  }
  const against = `${schedules} schedules, ${seen.faults} faults, ${seen.crashes} jobs killed, ${seen.failures} runs that failed after that; before the last run ${seen.between} had not one of each`;
  return (['note', 'label', 'issue'] as const).flatMap((kind) => [
    figure({ id: `apply-lost-${kind}`, value: lost[kind], unit: '', better: 'lower', goal: 0, against }),
    figure({
      id: `apply-doubled-${kind}`,
      value: doubled[kind],
      unit: '',
      better: 'lower',
      goal: 0,
      against,
    }),
  ]);
}

/** A clock that waits at first, as jobs need it, and then takes no time for it. */
function createSkippingClock(): { readonly clock: Clock; readonly skipTime: () => void } {
  let clock = testContext('/').clock;
  return {
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      sleep: (milliseconds, ended) => clock.sleep(milliseconds, ended),
    },
    skipTime: () => {
      clock = virtualClock();
    },
  };
}

function bundleOf(world: BoundaryWorld, { mergeRequest }: Opened) {
  return world.bundleFor(mergeRequest, [
    { kind: 'note', topic: 0, body: 'A note.' },
    { kind: 'label', label: 0 },
    { kind: 'issue', title: 'An issue', body: 'A body.', labels: [] },
  ]);
}

class Killed extends Error {}

/** One job; with a number it is killed before that request's answer is there, whether GitLab has done it or not. */
async function run(
  world: BoundaryWorld,
  opened: Opened,
  killAt = Infinity,
): Promise<'done' | 'failed' | 'crashed'> {
  let sent = 0;
  const context: Context = {
    ...world.context,
    fetch: async (...call) => {
      if (sent > killAt) throw new Killed();
      sent += 1;
      const answer = await world.context.fetch(...call);
      if (sent > killAt) throw new Killed();
      return answer;
    },
  };
  const connection = {
    apiUrl: `${world.twin.url}/api/v4`,
    token: { kind: 'private', value: world.tokenOf('bot') },
  } as const;
  const asked = {
    project: world.shop.id,
    mergeRequest: opened.mergeRequest.iid,
    pipeline: opened.pipeline.id,
  };
  try {
    const { report } = await world.apply(asked, { context, gitlab: createGitLab(context, connection) });
    const receipts = report.bundles.flatMap(({ proposals }) => proposals.map(({ receipt }) => receipt?.done));
    if (sent > killAt) return 'crashed';
    return receipts.length === 3 && !receipts.includes('failed') ? 'done' : 'failed';
  } catch (error) {
    if (sent > killAt) return 'crashed';
    if (error instanceof Failure) return 'failed';
    throw error;
  }
}

function copiesOf({ shop, bot }: BoundaryWorld, { mergeRequest }: Opened): Copies {
  return {
    note: mergeRequest.notes.filter(({ system, authorId }) => !system && authorId === bot).length,
    label: mergeRequest.labels.filter((label) => label === 'risky').length,
    issue: [...shop.issues.values()].filter(({ authorId }) => authorId === bot).length,
  };
}

function tidy({ shop, twin }: BoundaryWorld, { mergeRequest }: Opened): void {
  mergeRequest.notes.length = 0;
  mergeRequest.labels = [];
  shop.labels.length = 0;
  shop.issues.clear();
  twin.journal.clear();
}
