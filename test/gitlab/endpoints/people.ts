import { addTriggerToken } from '../../../components/twin/world/seed.ts';
import type { CiProject } from '../../twin/api/ci-project.ts';

/** A trigger token of the project's developer. */
export function addTrigger({ world, project, users }: CiProject): string {
  return addTriggerToken(world, project, users.developer, 'ours').value;
}
