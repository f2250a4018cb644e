import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findUser } from '../../components/twin/world/world.ts';
import { deadOrigin, quickClock } from '../gitlab/harness.ts';
import { pipewright } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { startTestTwin } from '../twin/harness.ts';
import { batchesOf, linesOf, plant } from './doctor-faults.ts';
import { type DoctorSetup, doctor, startDoctor, told } from './doctor-setup.ts';

/** What is told where all is right: no licence changes that nothing is wrong. */
const right: Readonly<Record<'free' | 'ultimate', readonly RegExp[]>> = {
  free: [
    /^note {4}binding against the author: Free has nothing/,
    /^note {4}owners of code: Free asks nobody/,
  ],
  ultimate: [/^note {4}binding against the author: a pipeline execution policy/],
};

/** Lines that no fault here changes: one is always a note, owners are planted with a licence. */
const elsewhere = ['project', 'binding against the author', 'owners of code'];

/** Names of the lines about the project itself; those of the trusted project are tested in check.test.ts. */
function namesIn(stdout: string): readonly string[] {
  const own = stdout.slice(0, stdout.indexOf('The trusted project acme/agents'));
  return own.split('\n').flatMap((line) => /^ {2}(?:ok|note) +([^:]*): /.exec(line)?.[1] ?? []);
}

function isPlanted(name: string): boolean {
  return batchesOf('free').some((batch) => batch.some(([, fault]) => linesOf(fault).includes(name)));
}

// One twin for all faults of a licence, which a single test owns.
test.each(['free', 'ultimate'] as const)(
  '%s: a right set-up is ok, and of each fault its line says what is wrong',
  {
    timeout: 240_000,
  },
  async (tier) => {
    const setup = await startDoctor(tier);
    const first = await doctor(setup);
    expect(first.stderr).toBe('');
    expect(told(first), first.stdout).toEqual(right[tier].map((line) => expect.stringMatching(line)));
    expect(first.stdout).toMatch(/, 0 wrong, 0 unknown$/m);
    expect(first.exitCode).toBe(0);
    if (tier === 'free') expect(namesIn(first.stdout).filter((name) => !isPlanted(name))).toEqual(elsewhere);
    for (const batch of batchesOf(tier)) {
      const undo = await plant(
        setup,
        batch.map(([, fault]) => fault),
      );
      const looksFurther = batch.some(([, fault]) => fault.trusted === true);
      const run = await doctor(setup, looksFurther ? {} : { args: [] });
      const names = batch.map(([name]) => name).join('; ');
      const known = [
        ...right[tier],
        ...(looksFurther ? [] : [/^note {4}trusted project: .*: not looked at/]),
      ];
      const more = told(run).filter((line) => !known.some((one) => one.test(line)));
      for (const [name, { says, also = [] }] of batch)
        for (const line of [says, ...also])
          expect(
            more.filter((one) => line.test(one)),
            `${name}\n${run.stdout}${run.stderr}`,
          ).not.toEqual([]);
      const count = batch.flatMap(([, fault]) => linesOf(fault)).length;
      expect(more, names).toHaveLength(count);
      expect(run.exitCode, names).toBe(batch.every(([, fault]) => fault.isNote) ? 0 : 20);
      await undo();
    }
    expect(told(await doctor(setup))).toEqual(told(first));
    if (tier === 'ultimate') await tellsMore(setup);
  },
);

/** Forks and logs are told as they are, and the answer is one for machines too. */
async function tellsMore(setup: DoctorSetup): Promise<void> {
  const json = await doctor(setup, { args: ['--json'] });
  expect(json.exitCode, json.stdout).toBe(0);
  const answer = JSON.parse(json.stdout) as { sections: { lines: { result: string; says?: string }[] }[] };
  expect(answer).toMatchObject({ format: 'pipewright/doctor/v1', tier: 'ultimate' });
  const lines = answer.sections.flatMap((section) => section.lines);
  expect(lines.filter(({ result }) => result === 'note').map(({ says }) => says)).toEqual([
    expect.stringMatching(/^a pipeline execution policy/),
    'acme/agents: not looked at; --trusted-project=acme/agents does',
  ]);
  Object.assign(setup.shop.settings, {
    ...{ forking_access_level: 'disabled', ci_allow_fork_pipelines_to_run_in_parent_project: true },
    ...{ public_jobs: true, merge_trains_enabled: true },
  });
  setup.shop.visibility = 'public';
  const run = await doctor(setup, { args: [] });
  expect(run.stdout).toMatch(/^ {2}ok {6}pipelines of forks: nobody may fork it$/m);
  expect(run.stdout).toMatch(/^ {2}ok {6}result of a merge: merge trains check it/m);
  expect(run.stdout).toMatch(/^ {2}note {4}logs of jobs: everybody may read them/m);
  expect(run.stdout).toMatch(/^ {2}Ultimate {2}\(here\) /m);
  expect(run.exitCode).toBe(0);
}

describe('what cannot be known is no agreement', () => {
  test('roles that see less', async () => {
    const setup = await startDoctor();
    const { twin, shop } = setup;
    const as = async (level: number | undefined) => {
      const { id } = findUser(twin.world, 'nobody') ?? { id: 0 };
      if (level === undefined) shop.members.delete(id);
      else shop.members.set(id, level as 20);
      const run = await doctor(setup, { as: 'nobody', args: [] });
      expect(run.exitCode, run.stdout).toBe(20);
      return told(run).flatMap((line) => /^unknown ([^:]*)/.exec(line)?.[1] ?? []);
    };
    const maintainersKnow = [
      ...['default branch', 'pushes past the gate', 'secrets of merge requests', 'masked secrets'],
      ...['secrets of the trusted project', 'kept secrets', 'protected branches and tags'],
      ...['access tokens of the project', 'pipelines of forks', 'job tokens', 'allowed job tokens'],
      ...['schedules', 'trigger tokens of the project', 'runners for our jobs', 'shared runners'],
    ];
    expect(await as(30)).toEqual(expect.arrayContaining(maintainersKnow));
    const reporter = await as(20);
    expect(reporter).toEqual(
      expect.arrayContaining([...maintainersKnow, 'pipelines must succeed', 'logs of jobs']),
    );
    expect(reporter).not.toContain('gate');
    expect(await as(10)).toEqual(
      expect.arrayContaining(['configuration', 'gate', 'default branch checked again']),
    );
    expect(await as(undefined)).toEqual(['project']);
  });

  test('answers that are broken, each by itself, and a result of a session that says nothing of ours', async () => {
    const setup = await startDoctor();
    const { faults } = setup.twin;
    const broken = async (route: string, what: Parameters<typeof faults.add>[0]['what']) => {
      faults.add({ match: { route }, what, times: 50 });
      const run = await doctor(setup, { args: [] });
      faults.clear();
      expect(run.exitCode, run.stderr).toBe(20);
      return told(run).flatMap((line) => /^unknown ([^:]*)/.exec(line)?.[1] ?? []);
    };
    const html = { kind: 'malformed', how: 'html' } as const;
    const down = { kind: 'status', status: 503 } as const;
    expect(await broken('/projects/:id/triggers', html)).toEqual(['trigger tokens of the project']);
    expect(await broken('/projects/:id/access_tokens', down)).toEqual(['access tokens of the project']);
    expect(await broken('/projects/:id/runners', html)).toEqual(['runners for our jobs', 'shared runners']);
    const jobs = [...setup.twin.world.jobs.values()];
    const before = jobs.map(({ status }) => status);
    for (const job of jobs) job.status = 'canceled';
    expect(await broken('/runners/:id', down)).toEqual(['runners for our jobs']);
    for (const [index, job] of jobs.entries()) job.status = before[index] ?? job.status;
    faults.add({ match: { route: '/runners/:id' }, what: down, times: 50 });
    const ran = await doctor(setup, { args: [] });
    faults.clear();
    expect(ran.stdout).toMatch(/^ {2}note {4}runners for our jobs: tags of some are not told/m);
    expect(ran.exitCode).toBe(0);
    expect(await broken('/projects/:id/jobs/:job_id/artifacts/*artifact_path', down)).toEqual([
      'sandbox of scripts',
    ]);
    expect(await broken('/projects/:id/ci/lint', down)).toEqual(
      expect.arrayContaining(['configuration', 'gate', 'mode of gate', 'duplicate pipelines']),
    );

    const job = [...setup.twin.world.jobs.values()].find(({ name }) => name === 'pipewright-run');
    const result = join(job?.artifacts?.folder ?? '', '.pipewright/run/pipewright/result.json');
    const say = async (text: string) => {
      writeFileSync(result, text);
      const run = await doctor(setup, { args: [] });
      return told(run).filter((line) => line.includes('sandbox'));
    };
    expect(await say('{"rung":"none"}')).toEqual([
      expect.stringMatching(
        /^note {4}sandbox of scripts: pipewright-run: none, so scripts of tasks do not run/,
      ),
    ]);
    for (const text of ['{"rung":"\u001b[2J all is well"}', 'no JSON'])
      expect(await say(text)).toEqual([
        'note    sandbox of scripts: not known before a job of run has left its result',
      ]);
  });
});

describe('without an answer at all', () => {
  const run = (args: readonly string[], token = 'glpat-x') =>
    pipewright(['doctor', ...args], {
      ...{ cwd: workspace(), env: { PIPEWRIGHT_SETUP_TOKEN: token } },
      change: (context) => ({ ...context, clock: quickClock().clock }),
    });

  test('what is missing is told at once', async () => {
    const { exitCode, stderr } = await run([], '');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/doctor needs --server, --project, the variable PIPEWRIGHT_SETUP_TOKEN/);
    expect(stderr).toMatch(/SETUP_INPUTS_MISSING/);
  });

  test('nobody there, and a token that is not known', async () => {
    const gone = await run([`--server=${await deadOrigin()}`, '--project=acme/shop']);
    expect(gone.exitCode).toBe(3);
    expect(gone.stderr).toMatch(/GITLAB_UNREACHABLE/);
    const twin = await startTestTwin();
    const refused = await run([`--server=${twin.url}`, '--project=acme/shop']);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(/GITLAB_UNAUTHORIZED/);
    expect(refused.stderr).not.toMatch(/glpat-x/);
  });
});
