import { describe, expect, test } from 'vitest';
import { findUser } from '../../components/twin/world/world.ts';
import { deviations, yaml } from './deviations.ts';
import { check, notRight, served, startTrusted, trustedFiles } from './trusted-setup.ts';

const right = [
  'ok      project: acme/agents',
  'ok      GitLab: 18.5.0-ee',
  'ok      default branch: main is protected, and developers may not push to it',
  'ok      other branches: none that a developer may change or run',
  'ok      pipeline variables: nobody may set any',
  'ok      PIPEWRIGHT_GITLAB_TOKEN: a protected and masked variable',
  'ok      PIPEWRIGHT_SIGNING_KEY: a protected and masked variable',
  'ok      triggers: of starter',
  'ok      developers: none but the owners of triggers and schedules',
  'ok      schedule: 23 * * * * by starter',
  'ok      .gitlab-ci.yml: includes the component apply and takes the three numbers',
  'ok      components: pipewright/pipewright is public',
  'ok      service account: bot',
  'ok      served projects: acme/shop',
  'ok      acme/shop: it is there',
  'ok      acme/shop: PIPEWRIGHT_TRIGGER_TOKEN: a masked variable that is not protected',
  'ok      acme/shop: service account: bot is a developer',
  '17 checks: 17 ok, 0 to note, 0 wrong, 0 unknown',
  '',
];

// One twin for all of them, which a single test owns.
test('a right set-up is ok, and of each deviation exactly one line is not', {
  timeout: 120_000,
}, async () => {
  const setup = await startTrusted();
  const first = await check(setup.twin);
  expect(first.stdout.split('\n'), first.stderr).toEqual(right);
  expect(first.exitCode).toBe(0);
  expect(await check(setup.twin, { project: String(setup.trusted.id) })).toEqual(first);
  for (const [name, { make, says, hides, exitCode = 20 }] of Object.entries(deviations)) {
    const undo = await make(setup);
    const run = await check(setup.twin);
    expect(notRight(run), `${name}\n${run.stdout}${run.stderr}`).toEqual([
      expect.stringMatching(says),
      ...(hides ? ['unknown served projects: .gitlab-ci.yml does not name them by full paths'] : []),
    ]);
    expect(run.exitCode, name).toBe(exitCode);
    await undo();
  }
  expect(await check(setup.twin)).toEqual(first);
});

test('private components that who starts pipelines can read are ok', async () => {
  const { twin } = await startTrusted();
  const catalog = twin.project('pipewright/pipewright');
  catalog.visibility = 'private';
  for (const name of ['mia', 'starter']) catalog.members.set(findUser(twin.world, name)?.id ?? 0, 20);
  expect((await check(twin)).stdout).toMatch(
    /^ok {6}components: pipewright\/pipewright, which starter can read$/m,
  );
});

test('with an agent the key of sessions is looked for too', async () => {
  const files = trustedFiles({ agent: 'agents/reviewer.ossa.yaml' });
  const { twin, trusted: own } = await startTrusted({}, files);
  expect(notRight(await check(twin))).toEqual([
    expect.stringMatching(/^note {4}PIPEWRIGHT_SESSION_KEY: not set: records of sessions lie in plain text/),
  ]);
  const key = { key: 'PIPEWRIGHT_SESSION_KEY', value: 'x'.repeat(44) };
  const signing = own.variables.find((one) => one.key === 'PIPEWRIGHT_SIGNING_KEY');
  if (signing === undefined) throw new Error('there is no signing key');
  own.variables.push({ ...signing, ...key, protected: false });
  expect(notRight(await check(twin))).toEqual([
    expect.stringMatching(/^WRONG {3}PIPEWRIGHT_SESSION_KEY: .*, got it is not protected$/),
  ]);
});

test('tags that levels are pinned at are looked at', async () => {
  const level = (name: string, tag: string) => `${name}=acme/policies:p.json@${tag}#sha256:${'0'.repeat(64)}`;
  const files = trustedFiles({ levels: [level('fixed', 'v1'), level('loose', 'x1'), level('gone', 'v9')] });
  const { twin } = await startTrusted({}, files);
  const policies = await twin.addProject(
    'acme/policies',
    { 'p.json': '{}' },
    { members: { mia: 'reporter' } },
  );
  for (const name of ['v1', 'x1'])
    await twin.api('POST', `/projects/${policies.id}/repository/tags`, {
      json: { tag_name: name, ref: 'main' },
    });
  await twin.api('POST', `/projects/${policies.id}/protected_tags`, { json: { name: 'v*' } });
  const run = await check(twin);
  expect(run.stdout).toMatch(/^ok {6}level fixed: the tag v1 of acme\/policies is protected$/m);
  expect(notRight(run)).toEqual([
    expect.stringMatching(
      /^WRONG {3}level loose: expected a protected tag x1 in acme\/policies, got it is not/,
    ),
    expect.stringMatching(/^unknown level gone: .*does not exist, or/),
  ]);
  const odd = (files['.gitlab-ci.yml'] ?? '').replace(level('fixed', 'v1'), 'fixed=v1');
  await twin.push('acme/agents', 'main', { '.gitlab-ci.yml': odd });
  expect(notRight(await check(twin))[0]).toMatch(/^WRONG {3}levels: expected name=.*, got "fixed=v1"$/);
});

describe('what cannot be known is no agreement', () => {
  test('a developer sees half of it', async () => {
    const { twin, trusted, shop } = await startTrusted();
    const mia = findUser(twin.world, 'mia')?.id ?? 0;
    trusted.members.set(mia, 30);
    shop.members.set(mia, 30);
    const run = await check(twin);
    expect(run.exitCode).toBe(20);
    const unknown = notRight(run).map((line) => /^unknown (.*): GET /.exec(line)?.[1]);
    expect(unknown).toEqual([
      ...['default branch', 'other branches', 'PIPEWRIGHT_GITLAB_TOKEN', 'PIPEWRIGHT_SIGNING_KEY'],
      ...['triggers', 'developers', 'schedule', 'acme/shop: PIPEWRIGHT_TRIGGER_TOKEN'],
    ]);
  });

  test('a stranger sees nothing, and a reporter no settings', async () => {
    const { twin, trusted } = await startTrusted();
    const blind = await check(twin, { as: 'nobody' });
    expect(blind.stdout).toMatch(/^unknown project: .*cannot see it/);
    expect(blind.stdout).toMatch(/1 checks: 0 ok, 0 to note, 0 wrong, 1 unknown/);
    expect(blind.exitCode).toBe(20);
    trusted.members.set(findUser(twin.world, 'nobody')?.id ?? 0, 20);
    const reporter = await check(twin, { as: 'nobody' });
    expect(reporter.stdout).toMatch(/^unknown pipeline variables: GitLab does not tell this setting$/m);
    expect(reporter.stdout).toMatch(/^unknown acme\/shop: GET projects\/acme%2Fshop.*cannot see it/m);
  });

  test('an account that is not named, or that nobody has', async () => {
    const { twin } = await startTrusted();
    const unnamed = await check(twin, { args: [] });
    expect(notRight(unnamed)).toEqual([
      'unknown service account: its token is not read, so it must be named',
    ]);
    expect(unnamed.exitCode).toBe(20);
    const wrong = await check(twin, { args: ['--account=ghost'] });
    expect(notRight(wrong)).toEqual([
      'WRONG   service account: expected the name of a user, got nobody is called ghost',
    ]);
  });

  test('served projects that are named are looked at, and must be swept', async () => {
    const { twin } = await startTrusted();
    const run = await check(twin, { args: ['--account=bot', `--serves=${served} acme/none`] });
    expect(notRight(run)).toEqual([
      'WRONG   served projects: expected all of them in the sweep, got not: acme/none',
      expect.stringMatching(/^unknown acme\/none: .*does not exist, or the .* cannot see it/),
    ]);
  });

  test('files that the configuration includes, and a sweep that is a variable', async () => {
    const { twin } = await startTrusted(
      {},
      { '.gitlab-ci.yml': 'include: [local.yml]\n', 'local.yml': yaml },
    );
    expect(notRight(await check(twin))).toEqual([
      expect.stringMatching(/^unknown \.gitlab-ci\.yml: it includes files that are not looked into/),
      'unknown served projects: .gitlab-ci.yml does not name them by full paths',
    ]);
    const other = yaml.replace(/sweep: >-\n +acme\/shop/, 'sweep: $PROJECTS');
    await twin.push('acme/agents', 'main', { '.gitlab-ci.yml': other });
    expect(notRight(await check(twin))).toEqual([
      'unknown served projects: .gitlab-ci.yml does not name them by full paths',
    ]);
  });
});

test('an empty project has every mistake told at once', async () => {
  const { twin } = await startTrusted();
  const { id } = (await twin.api('POST', '/projects', {
    json: { name: 'empty', path: 'empty' },
  })) as { id: number };
  twin.world.projects.get(id)?.members.set(findUser(twin.world, 'mia')?.id ?? 0, 40);
  const run = await check(twin, { project: String(id) });
  expect(notRight(run).map((line) => line.slice(8).split(':')[0])).toEqual([
    ...['default branch', 'pipeline variables', 'PIPEWRIGHT_GITLAB_TOKEN', 'PIPEWRIGHT_SIGNING_KEY'],
    ...['triggers', 'schedule', '.gitlab-ci.yml', 'served projects'],
  ]);
  expect(run.exitCode).toBe(20);
});
