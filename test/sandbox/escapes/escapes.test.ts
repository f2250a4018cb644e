import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { bash, processesWith, rung, titled } from '../real.ts';
import { planAttempts } from './attempts.ts';
import { makeWorld, tryAll } from './world.ts';

describe.skipIf(rung === 'none')(titled('scripts that try to get out'), () => {
  test('are refused, all of them, and for the reason they should be', async () => {
    const tried = await tryAll(await makeWorld());
    const others = tried.filter(({ outcome }) => outcome !== 'refused');
    expect(
      others.map(({ name, outcome, exitCode, said }) => `${name}: ${outcome}, ${exitCode}, ${said}`),
    ).toEqual([]);
    expect(tried.length).toBeGreaterThanOrEqual(140);
  });

  test('get out where nothing shuts them in, as far as that does no harm', async () => {
    const world = await makeWorld();
    const harmless =
      /^(read a file of|follow|by its own root|reach this|a socket of this machine|look into the|find one in the env|read the token)/;
    const got = planAttempts(world)
      .filter(({ name }) => harmless.test(name))
      .map(({ name, script }) => [name, spawnSync('bash', ['-c', script], { cwd: world.root }).status]);
    expect(got.length).toBeGreaterThanOrEqual(9);
    expect(got.filter(([, status]) => status !== 0)).toEqual([]);
  });

  test('and leave no process behind, whatever they do to be left', async () => {
    const marker = `mark-${crypto.randomUUID()}`;
    const script = `for i in 1 2 3; do (setsid nohup bash -c 'trap "" TERM HUP; sleep 60; : ${marker}' >/dev/null 2>&1 &) ; done; kill -KILL -1`;
    await bash(script);
    expect(processesWith(marker)).toEqual([]);
  });
});
