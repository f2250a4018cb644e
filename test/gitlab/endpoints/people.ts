import { newTokenValue } from '../../../components/twin/world/seed.ts';
import { timeOf } from '../../../components/twin/world/world.ts';
import type { CiProject } from '../../twin/api/ci-project.ts';

/** A trigger token of the project's developer. */
export function addTrigger({ world, project, users }: CiProject): string {
  const value = newTokenValue('trigger');
  world.tokens.set(value, {
    ...{ kind: 'trigger', id: world.nextId('trigger'), value, projectId: project.id },
    ...{ ownerId: users.developer.id, createdAt: timeOf(world), description: 'ours' },
  });
  return value;
}
