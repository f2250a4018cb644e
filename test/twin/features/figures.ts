import type { RunningTwin } from '../../../components/twin/twin.ts';
import { findProject } from '../../../components/twin/world/world.ts';
import { type Case, caseNames, mainProject, readCase } from './case-file.ts';
import { hasPeer, type Outcomes, outcomesOfPeer, outcomesOfTwin } from './peer.ts';
import { pipelinesOf } from './perform.ts';
import { runCase } from './run-case.ts';

export interface FeatureFigures {
  /** Case directories, one a feature. */
  readonly cases: number;
  /** Those gitlab-ci-local implements, and so was asked about. */
  readonly compared: number;
  /** Of these, where it and the twin came to the same. */
  readonly agree: number;
}

export interface Comparison {
  readonly twin: Outcomes;
  readonly peer: Outcomes;
}

/** The cases gitlab-ci-local is asked about. */
export function comparable(): readonly string[] {
  return caseNames().filter((name) => readCase(name).peer === true);
}

/** What the twin and gitlab-ci-local make of the first pipeline of a case. */
export async function compare(one: Case, twin: RunningTwin, folder: string): Promise<Comparison> {
  const played = (one.do ?? []).flatMap((step) => ('play' in step ? [step.play.job] : []));
  const project = findProject(twin.world, mainProject);
  const pipeline = project && pipelinesOf(twin, project).find(({ config }) => config !== undefined);
  if (project === undefined || pipeline === undefined) throw new Error(`${one.name} has no pipeline`);
  const peer = await outcomesOfPeer(twin, project, pipeline, { folder, played });
  return { twin: outcomesOfTwin(twin, pipeline), peer };
}

/** Counts for people; without rsync nothing can be compared. */
export async function featureFigures(): Promise<FeatureFigures> {
  const names = hasPeer() ? comparable() : [];
  const left = [...names];
  let agree = 0;
  const work = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const one = readCase(name);
      const { twin, peer } = await runCase(one, (running, _, folder) => compare(one, running, folder));
      if (JSON.stringify(sorted(twin)) === JSON.stringify(sorted(peer))) agree += 1;
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return { cases: caseNames().length, compared: names.length, agree };
}

function sorted(outcomes: Outcomes): readonly unknown[] {
  return Object.entries(outcomes).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
