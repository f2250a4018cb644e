import { createCommit } from '../../../components/gitlab/endpoints/commits.ts';
import { createMergeRequest } from '../../../components/gitlab/endpoints/merge-requests.ts';
import type { GitLab } from '../../../components/gitlab/types.ts';
import type { Clock } from '../../../components/kernel/context.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import type { MergeRequest } from '../../../components/twin/world/review.ts';
import { addProject } from '../../../components/twin/world/seed.ts';
import { findUser } from '../../../components/twin/world/world.ts';
import { known, type Served, type ServeOptions, serveTwin, virtualClock } from './start.ts';

/** Where operations take place under faults: by default nothing waits, and no limit of the twin's own is in the way. */
export interface Place extends Served {
  readonly clock: Clock;
  readonly shop: Project;
  readonly mergeRequest: MergeRequest;
  /** Head of the merge request. */
  readonly sha: string;
  /** Client of the service account `bot`, a developer. */
  readonly gitlab: GitLab;
  readonly bot: number;
  /** A project with these labels, which stay as they are. */
  readonly catalog: Project;
  readonly labels: readonly string[];
  /** Takes away what operations made, so that a list never grows over many of them. */
  readonly tidy: () => void;
}

export async function startPlace({
  clock = virtualClock(),
  limits = { requests: Infinity, notes: Infinity },
}: Pick<ServeOptions, 'clock' | 'limits'> = {}): Promise<Place> {
  const served = await serveTwin({
    ...{ clock, limits },
    users: { bot: { kind: 'service_account', role: 'developer' } },
    projects: { 'acme/shop': {} },
  });
  const { twin, project, asUser } = served;
  const gitlab = asUser('bot');
  const { id: bot } = known(findUser(twin.world, 'bot'), 'bot');
  const { id: sha } = await createCommit(gitlab, {
    ...{ project: 'acme/shop', branch: 'topic', message: 'Change', startSha: await tipOf(served) },
    actions: [{ action: 'create', filePath: 'change', content: Buffer.from('x') }],
    found: async () => undefined,
  });
  const { iid } = await createMergeRequest(gitlab, {
    ...{ project: 'acme/shop', sourceBranch: 'topic', targetBranch: 'main', title: 'Change' },
  });
  const shop = project('acme/shop');
  const { catalog, labels } = addCatalog(served, bot);
  const mergeRequest = known(shop.mergeRequests.get(iid), 'merge request');
  return {
    ...{ ...served, clock, shop, mergeRequest, sha, gitlab, bot, catalog, labels },
    tidy: () => {
      for (const made of [mergeRequest.notes, shop.labels]) made.length = 0;
      for (const made of [shop.issues, shop.packages, twin.world.pipelines, twin.world.jobs]) made.clear();
      twin.journal.clear();
    },
  };
}

async function tipOf({ twin, project }: Served): Promise<string> {
  return known(await twin.repositories.resolve(project('acme/shop'), 'main'), 'branch main');
}

function addCatalog({ twin: { world } }: Served, bot: number): Pick<Place, 'catalog' | 'labels'> {
  const catalog = addProject(world, { path: 'acme/catalog', creatorId: bot });
  const labels = Array.from({ length: 60 }, (_, index) => `label-${String(index).padStart(2, '0')}`);
  for (const name of labels) {
    catalog.labels.push({
      ...{ id: world.nextId('label'), name, color: '#336699', description: '', priority: null },
    });
  }
  return { catalog, labels };
}
