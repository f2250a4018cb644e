import { createCommit } from '../../../components/gitlab/endpoints/commits.ts';
import { convergeNote } from '../../../components/gitlab/endpoints/converge-note.ts';
import { playJob } from '../../../components/gitlab/endpoints/jobs.ts';
import { createMergeRequest } from '../../../components/gitlab/endpoints/merge-requests.ts';
import { currentUser } from '../../../components/gitlab/endpoints/users.ts';
import type { Pipeline } from '../../../components/twin/world/pipeline.ts';
import { known, type Served, serveTwin } from '../../contracts/client-and-twin/start.ts';
import { type Figure, figure, median } from '../figure.ts';

const rounds = 3;

const shop = `
workflow: { rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }] }
build:
  stage: build
  script: [echo built > result]
  artifacts: { paths: [result] }
test:
  script: [test "$(cat result)" = built]
deploy:
  stage: deploy
  variables: { VERSION: "1.2" }
  trigger: { project: acme/deploy, strategy: depend }
`;

const deploy = `
plan:
  script: [test "$VERSION" = 1.2]
apply:
  stage: deploy
  when: manual
  allow_failure: false
  script: [echo applied]
`;

/** Push, merge request, its pipeline, a note, the pipeline it triggers in another project, and a manual job there. */
export async function measureScenario(): Promise<readonly Figure[]> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) seconds.push(await once());
  return [
    figure({
      ...{ id: 'two-project-scenario-seconds', value: median(seconds), unit: 's', better: 'lower', goal: 10 },
      against: `fresh twin each, 5 jobs in 2 pipelines, median of ${rounds}; slowest ${Math.max(...seconds).toFixed(1)} s`,
    }),
  ];
}

async function once(): Promise<number> {
  const start = performance.now();
  const served = await serveTwin({
    users: { bot: { kind: 'service_account', role: 'maintainer' } },
    projects: { 'acme/shop': { '.gitlab-ci.yml': shop }, 'acme/deploy': { '.gitlab-ci.yml': deploy } },
  });
  try {
    await play(served);
    return (performance.now() - start) / 1000;
  } finally {
    await served.close();
  }
}

async function play(served: Served): Promise<void> {
  const { twin, asUser, project } = served;
  const gitlab = asUser('bot');
  const startSha = known(await twin.repositories.resolve(project('acme/shop'), 'main'), 'branch main');
  await createCommit(gitlab, {
    ...{ project: 'acme/shop', branch: 'feature', startSha, message: 'Change' },
    actions: [{ action: 'create', filePath: 'change', content: Buffer.from('x') }],
    found: async () => undefined,
  });
  const { iid } = await createMergeRequest(gitlab, {
    ...{ project: 'acme/shop', sourceBranch: 'feature', targetBranch: 'main', title: 'Change' },
  });
  const upstream = await pipelineOf(served, 'acme/shop');
  await twin.pipelines.settled(upstream);
  const downstream = await pipelineOf(served, 'acme/deploy');
  const { id: author } = await currentUser(gitlab);
  const marker = '<!-- scenario -->';
  const body = `The deployment waits for somebody.\n\n${marker}`;
  await convergeNote(gitlab, { project: 'acme/shop', mergeRequest: iid }, { marker, author, body });
  const manual = known(
    downstream.jobs.find(({ name }) => name === 'apply'),
    'manual job',
  );
  await playJob(gitlab, { project: 'acme/deploy', job: manual.id });
  await twin.pipelines.settled(downstream);
  await twin.pipelines.settled(upstream);
  assertDone(served, [upstream, downstream]);
}

async function pipelineOf({ twin, project }: Served, path: string): Promise<Pipeline> {
  const { id } = project(path);
  return known(
    [...twin.world.pipelines.values()].findLast(({ projectId }) => projectId === id),
    `pipeline of ${path}: ${twin.refusals.join(', ')}`,
  );
}

/** A scenario that did not happen is no measurement. */
function assertDone({ project }: Served, pipelines: readonly Pipeline[]): void {
  const notes =
    project('acme/shop')
      .mergeRequests.get(1)
      ?.notes.filter(({ system }) => !system) ?? [];
  const states = pipelines.map(({ status }) => status);
  if (notes.length !== 1 || states.some((status) => status !== 'success'))
    throw new Error(`the scenario went wrong: ${notes.length} notes, pipelines ${states.join(', ')}`);
}
