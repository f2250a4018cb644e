import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { certified, manifest, seed } from '../../decide/shop.ts';
import { commitAll, git, writeFiles } from '../../support/repository.ts';
import { type Figure, figure, median, timeInTurn } from '../figure.ts';
import { type BoundaryWorld, startWorld } from './world.ts';

const entry = resolve('dist/main.js');
const rounds = 15;

/** Whole processes: of `gate` on a change of a manifest, and of `apply` with three effects on the twin. */
export async function measureWallTime(): Promise<readonly Figure[]> {
  return [...measureGate(), ...(await measureApply())];
}

/** Of a merge request that changes code alone, as most do, and of one that changes an agent, about which policies are asked. */
function measureGate(): readonly Figure[] {
  const cwd = mkdtempSync(join(tmpdir(), 'pipewright-gate-'));
  try {
    writeFiles(cwd, { 'agents/reviewer.ossa.yaml': manifest, 'policies/c.policy.yaml': certified });
    commitAll(cwd);
    const branch = (name: string, files: Readonly<Record<string, string>>) => {
      git(cwd, 'switch', '--quiet', '--create', name, 'main');
      writeFiles(cwd, files);
      git(cwd, 'add', '--all');
      git(cwd, 'commit', '--quiet', '--message', name);
    };
    branch('code', { 'src/price.js': 'export const vat = 19;\n' });
    branch('agent', { 'agents/reviewer.ossa.yaml': `${manifest}# more\n` });
    const [bare, agent] = medianOf(cwd);
    git(cwd, 'switch', '--quiet', 'code');
    const [, code] = medianOf(cwd);
    const against = `bare node ${bare.toFixed(1)} ms, medians of ${rounds} in turn`;
    const common = { unit: 'ms', better: 'lower', against } as const;
    return [
      figure({ ...common, id: 'gate-process', value: code, goal: 120 }),
      figure({ ...common, id: 'gate-process-with-an-agent', value: agent, goal: null }),
    ];
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function medianOf(cwd: string): readonly [bare: number, gate: number] {
  const env = mergeRequestJob(cwd);
  const gate = () => {
    const { status, stderr } = spawnSync(process.execPath, [entry, 'gate'], { cwd, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`gate exited ${status}: ${stderr}`);
  };
  const [bare = 0, whole = 0] = timeInTurn(
    [() => spawnSync(process.execPath, ['-e', '0']), gate],
    rounds,
  ).map(median);
  return [bare, whole];
}

/** Variables of the job in a merge request's pipeline, of the branch that is checked out into main. */
function mergeRequestJob(cwd: string): Record<string, string> {
  const project = {
    CI_PROJECT_ID: '7',
    CI_MERGE_REQUEST_PROJECT_ID: '7',
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '7',
  };
  const paths = {
    CI_MERGE_REQUEST_PROJECT_PATH: 'acme/shop',
    CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'acme/shop',
  };
  return {
    ...{
      PATH: process.env.PATH ?? '',
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'merge_request_event',
      ...project,
      ...paths,
    },
    ...{ CI_MERGE_REQUEST_IID: '1', CI_MERGE_REQUEST_EVENT_TYPE: 'detached' },
    ...{ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main', CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'change' },
    CI_COMMIT_SHA: git(cwd, 'rev-parse', 'HEAD'),
    CI_MERGE_REQUEST_DIFF_BASE_SHA: git(cwd, 'merge-base', 'main', 'HEAD'),
  };
}

async function measureApply(): Promise<readonly Figure[]> {
  const world = await startWorld();
  try {
    const first: number[] = [];
    const again: number[] = [];
    for (let round = -1; round < 5; round += 1) {
      const { mergeRequest, pipeline } = await world.open(`round-${round}`, { 'src/price.js': `${round}\n` });
      const bundle = world.bundleFor(mergeRequest, [
        { kind: 'note', topic: 0, body: 'A note.' },
        { kind: 'label', label: 0 },
        { kind: 'issue', title: 'An issue', body: 'A body.', labels: [] },
      ]);
      world.plant(pipeline, JSON.stringify(bundle));
      const numbers = [world.shop.id, mergeRequest.iid, pipeline.id] as const;
      const times = [await millisecondsOf(world, numbers), await millisecondsOf(world, numbers)] as const;
      // The first round warms file caches up and is not counted.
      if (round < 0) continue;
      first.push(times[0]);
      again.push(times[1]);
    }
    const against = `three effects made, on the twin; run again with nothing to do ${median(again).toFixed(0)} ms; medians of 5`;
    return [
      figure({ id: 'apply-process', value: median(first), unit: 'ms', better: 'lower', goal: null, against }),
    ];
  } finally {
    await world.close();
  }
}

async function millisecondsOf(
  { twin, trusted, tokenOf, context }: BoundaryWorld,
  [project, mergeRequest, pipeline]: readonly [number, number, number],
): Promise<number> {
  const cwd = join(context.cwd, 'job');
  mkdirSync(join(cwd, 'policies'), { recursive: true });
  writeFiles(cwd, { 'policies/certified.policy.yaml': certified });
  const env = {
    ...{
      PATH: process.env.PATH,
      GITLAB_CI: 'true',
      CI_SERVER_URL: twin.url,
      CI_API_V4_URL: `${twin.url}/api/v4`,
    },
    ...{ CI_SERVER_VERSION: '18.5.0', CI_PROJECT_ID: String(trusted.id), CI_PROJECT_PATH: trusted.path },
    ...{ CI_PROJECT_URL: `${twin.url}/${trusted.path}`, CI_DEFAULT_BRANCH: 'main', CI_JOB_ID: '1' },
    ...{ CI_JOB_NAME: 'apply', CI_JOB_STAGE: 'test', CI_JOB_URL: `${twin.url}/-/jobs/1`, CI_NODE_TOTAL: '1' },
    ...{ CI_JOB_STARTED_AT: new Date().toISOString(), CI_JOB_TIMEOUT: '3600', CI_JOB_TOKEN: 'glcbt-none' },
    ...{ PIPEWRIGHT_GITLAB_TOKEN: tokenOf('bot'), PIPEWRIGHT_SIGNING_KEY: seed },
  };
  const args = [
    entry,
    'apply',
    `--project=${project}`,
    `--merge-request=${mergeRequest}`,
    `--pipeline=${pipeline}`,
  ];
  const start = performance.now();
  // The twin answers from this process, which must not wait for the other one.
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => {
    said += String(bytes);
  });
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`apply exited ${code}: ${said}`);
  return performance.now() - start;
}
