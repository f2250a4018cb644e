import { tiers } from '../../../components/gitlab/endpoints/facts.ts';
import { faults, plant } from '../../setup/doctor-faults.ts';
import { type DoctorSetup, doctor, startDoctor, told } from '../../setup/doctor-setup.ts';
import type { Fault } from '../../setup/faults/fault.ts';
import { closeAll } from '../../support/at-end.ts';
import { type Figure, figure } from '../figure.ts';

/** Faults planted one by one into a set-up that is right: how many `doctor` finds, and what it says where there is none. */
export async function measureDoctor(): Promise<readonly Figure[]> {
  const missed: string[] = [];
  const alarms: string[] = [];
  let [seconds, requests] = [0, 0];
  for (const tier of tiers) {
    const setup = await startDoctor(tier);
    const asked = setup.twin.journal.entries.length;
    const started = performance.now();
    alarms.push(...(await alarmsIn(setup)));
    seconds = Math.max(seconds, (performance.now() - started) / 1000);
    requests = Math.max(requests, setup.twin.journal.entries.length - asked);
    for (const [name, fault] of Object.entries(faults))
      if ((fault.tier ?? 'free') === tier && !(await isFound(setup, fault))) missed.push(name);
    alarms.push(...(await alarmsIn(setup)));
    await closeAll();
  }
  const planted = Object.keys(faults).length;
  return [
    figure({
      ...{
        id: 'doctor-faults-found',
        value: planted - missed.length,
        unit: '',
        better: 'higher',
        goal: planted,
      },
      against: `${planted} planted one by one${missed.length === 0 ? '' : `; missed: ${missed.join(', ')}`}`,
    }),
    figure({
      ...{ id: 'doctor-false-alarms', value: alarms.length, unit: '', better: 'lower', goal: 0 },
      against: `right set-ups of Free, Premium, Ultimate, before and after the faults${alarms.length === 0 ? '' : `; ${alarms.join('; ')}`}`,
    }),
    figure({
      ...{ id: 'doctor-seconds', value: seconds, unit: 's', better: 'lower', goal: null },
      against: `the slowest first run, with the trusted project, against the twin; ${requests} requests`,
    }),
  ];
}

async function alarmsIn(setup: DoctorSetup): Promise<readonly string[]> {
  return told(await doctor(setup)).filter((line) => !line.startsWith('note '));
}

async function isFound(setup: DoctorSetup, fault: Fault): Promise<boolean> {
  const undo = await plant(setup, [fault]);
  const run = await doctor(setup);
  await undo();
  return told(run).some((line) => fault.says.test(line)) && run.exitCode === (fault.isNote ? 0 : 20);
}
