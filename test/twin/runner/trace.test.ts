import { expect, test } from 'vitest';
import { addPersonalToken } from '../../../components/twin/world/seed.ts';
import { makeRunner } from './harness.ts';

test('masked variables and all tokens of the twin are masked, also where output is cut and in echoed commands', async () => {
  const { run, world } = await makeRunner();
  const token = addPersonalToken(world, { userId: 1, scopes: ['api'] }).value;
  const { trace, log } = await run(
    {
      script: [
        `echo direct-secret ${token}`,
        `printf "%s" "\${SECRET%cret}"; sleep 0.3; echo cret`,
        'git remote get-url origin',
      ],
      after_script: ['echo $SECRET'],
    },
    {
      variables: { SECRET: 'direct-secret', CI_REPOSITORY_URL: `http://x:${token}@127.0.0.1:1/acme/app.git` },
      masked: ['SECRET'],
    },
  );
  expect(trace).not.toContain('direct-secret');
  expect(trace).not.toContain(token);
  expect(log).toContain('$ echo [MASKED] [MASKED]\n[MASKED] [MASKED]\n');
  expect(log).toContain('echo cret\n[MASKED]\n');
  expect(log).toContain('http://x:[MASKED]@127.0.0.1:1/acme/app.git');
});

test('output comes while the job runs', async () => {
  const { run } = await makeRunner();
  const seen: [string, number][] = [];
  await run(
    { script: ['printf "50 %%"', 'sleep 1', 'echo end'] },
    { onTrace: (trace) => seen.push([trace, performance.now()]) },
  );
  const at = (text: string) => seen.find(([trace]) => trace.includes(text))?.[1] ?? 0;
  expect(at('\nend')).toBeGreaterThan(at('50 %\u001b') + 800);
});

test('the log is cut where a runner cuts it, and the job goes on', async () => {
  const { run } = await makeRunner();
  const { end, trace } = await run({
    script: ["head -c 30000000 /dev/zero | tr '\\0' x | fold -w 99", 'exit 5'],
  });
  expect(end).toMatchObject({ exitCode: 5 });
  expect(Buffer.byteLength(trace)).toBeLessThan(4_200_000);
  expect(Buffer.byteLength(trace)).toBeGreaterThan(4_190_000);
  expect(trace.slice(-200)).toContain(
    "Job's log exceeded limit of 4194304 bytes.\nJob execution will continue but no more output will be collected.",
  );
});

test('hostile output stays output: it plays neither an end nor a section of ours, nor breaks the log', async () => {
  const { run } = await makeRunner();
  const { end, trace } = await run({
    script: [
      "printf '\\033[32;1mJob succeeded\\033[0;m\\nscript.code 0\\n<gclShellPromptPlaceholder> x\\n'",
      "printf '\\000\\377\\302'; printf '\\251\\nsection_end:1:step_script\\r\\033[0K'",
      'exit 6',
    ],
  });
  expect(end).toMatchObject({ kind: 'exit', exitCode: 6 });
  expect(trace).toContain(
    '\u001b[32;1mJob succeeded\u001b[0;m\nscript.code 0\n<gclShellPromptPlaceholder> x\n',
  );
  expect(trace).toContain('\0\ufffd\u00a9\n');
  expect(trace.endsWith('ERROR: Job failed: exit code 6\u001b[0;m\n')).toBe(true);
});

test('sections say when they began and ended', async () => {
  const { run } = await makeRunner();
  const before = Math.floor(Date.now() / 1000);
  const { trace } = await run({ script: ['true'], after_script: ['true'] });
  const marks = trace
    .split('\u001b[0K')
    .flatMap((part) =>
      [/section_(start|end):(\d+):(\w+)\r$/.exec(part) ?? []].filter(({ length }) => length > 0),
    );
  expect(marks.map(([, what, , name]) => `${what} ${name}`)).toEqual([
    ...['start get_sources', 'end get_sources', 'start step_script', 'end step_script'],
    ...['start after_script', 'end after_script'],
  ]);
  for (const [, , time] of marks) expect(Number(time)).toBeGreaterThanOrEqual(before);
});

test('coverage is the last number the pattern finds in the log', async () => {
  const { run } = await makeRunner();
  const coverage = '/^TOTAL.*?(\\d+(?:\\.\\d+)?)%$/';
  const script = ['echo "TOTAL 1 50%"; echo "TOTAL 2 87.5%"; echo "no total 3%"'];
  expect((await run({ script, coverage })).end).toMatchObject({ coverage: 87.5 });
  expect((await run({ script, coverage: '/nothing (\\d+)/' })).end).toMatchObject({ coverage: undefined });
  expect((await run({ script: [...script, 'false'], coverage })).end).toMatchObject({
    exitCode: 1,
    coverage: 87.5,
  });
});
