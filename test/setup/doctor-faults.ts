import type { Tier } from '../../components/twin/world/world.ts';
import { commitShop, type DoctorSetup } from './doctor-setup.ts';
import { accessFaults } from './faults/access.ts';
import type { Fault, Undo } from './faults/fault.ts';
import { gateFaults } from './faults/gate.ts';
import { mergeFaults } from './faults/merge.ts';
import { runnerFaults } from './faults/runners.ts';
import { secretFaults } from './faults/secrets.ts';
import { trustedFaults } from './faults/trusted.ts';

export const faults: Readonly<Record<string, Fault>> = {
  ...gateFaults,
  ...mergeFaults,
  ...secretFaults,
  ...accessFaults,
  ...runnerFaults,
  ...trustedFaults,
};

/** Names of the lines that a fault changes. */
export function linesOf({ says, also = [] }: Fault): readonly string[] {
  return [says, ...also].map(
    ({ source }) => /^\^(?:WRONG|note|unknown) (?:\{\d\})?([^:]*)/.exec(source)?.[1] ?? source,
  );
}

/** Plants faults, their changes of the configuration in one commit, and gives what takes them away again. */
export async function plant(setup: DoctorSetup, planted: readonly Fault[]): Promise<() => Promise<void>> {
  const undo: Undo[] = [];
  for (const { make } of planted) if (make !== undefined) undo.unshift(await make(setup));
  const edits = planted.flatMap(({ edit }) => edit ?? []);
  const yaml = edits.reduce<string | null>((text, edit) => (text === null ? null : edit(text)), setup.yaml);
  if (edits.length > 0) await commitShop(setup, { '.gitlab-ci.yml': yaml });
  return async () => {
    for (const one of undo) await one();
    if (edits.length > 0) await commitShop(setup, { '.gitlab-ci.yml': setup.yaml });
  };
}

/** Faults that can be planted together, since no two of them change one line: each is looked for by its own all the same. */
export function batchesOf(tier: Tier): readonly (readonly (readonly [string, Fault])[])[] {
  const batches: { names: Set<string>; faults: [string, Fault][] }[] = [];
  for (const [name, fault] of Object.entries(faults)) {
    if ((fault.tier ?? 'free') !== tier) continue;
    const names = [...linesOf(fault), ...(fault.places ?? [])];
    const free = batches.find((batch) => names.every((one) => !batch.names.has(one)));
    const batch = free ?? { names: new Set(), faults: [] };
    if (free === undefined) batches.push(batch);
    for (const one of names) batch.names.add(one);
    batch.faults.push([name, fault]);
  }
  return batches.map((batch) => batch.faults);
}
