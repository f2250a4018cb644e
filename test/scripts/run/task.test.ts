import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processErrors } from '../../../components/kernel/errors.ts';
import { createNoSandbox } from '../../../components/sandbox/switched-off.ts';
import { logText, readOutput, repository, sessionOf } from '../../session/support.ts';
import { pipewright } from '../../support/cli.ts';
import { git } from '../../support/workspace.ts';
import { rung, sh, start, taskPath, taskYaml, titled } from './task-support.ts';

/** Doubles itself nine times: a thousand processes and more, and an end, since a busy machine is slow to count them. */
const bomb = 'f() { if (( $1 )); then f $(( $1 - 1 )) & f $(( $1 - 1 )) & wait; else sleep 60; fi; }; f 9';

describe.skipIf(rung === 'none')(titled('a task'), () => {
  test('reads JSON, answers JSON, and its proposals go over the desk', async () => {
    const { cwd, run } = await start({
      script:
        '#!/usr/bin/env python3\nimport json, os, sys\nd = json.load(sys.stdin)\nprint("looking", file=sys.stderr)\nprint(json.dumps({"files": len(os.listdir("src")), "name": d["name"], "proposals": [{"tool": "propose_note", "arguments": {"body": "One file."}}]}))\n',
      parts: {
        more: [
          'input: {type: object, required: [name], properties: {name: {type: string}}}',
          'output: {type: object, required: [files], properties: {files: {type: integer}}}',
          'preconditions: [{expression: \'input.name != ""\'}]',
          "postconditions: [{expression: 'output.files > 0 && exit_code == 0'}]",
        ].join('\n'),
      },
      extensions: '{pipewright: {proposals: {note: {topics: [count]}}}}',
      input: '{"name": "shop"}',
    });
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toContain('sandbox: namespaces\n');
    expect(run.stderr).toContain('looking');
    expect(readOutput(cwd, 'result')).toMatchObject({
      ...{ outcome: 'complete', rung: 'namespaces', sources: ['repository', 'task-input'] },
      output: { files: 1, name: 'shop' },
      completion: { signal: 'complete', iteration_count: 1, tokens_used: 0 },
    });
    expect(readOutput(cwd, 'proposals').proposals).toEqual([{ kind: 'note', topic: 0, body: 'One file.' }]);
  });

  test('is not run again when it is complete', async () => {
    const { cwd, args, run } = await start({ script: sh('date +%s%N') });
    const { output } = readOutput(cwd, 'result');
    const again = await pipewright([...args, `--session=${sessionOf(run)}`], { cwd });
    expect(again.exitCode, again.stderr).toBe(0);
    expect(readOutput(cwd, 'result')).toMatchObject({ output, session: { epoch: 2 } });
  });

  test('goes on with the input it began with only', async () => {
    const { cwd, args, run } = await start({ script: sh('cat'), input: '{"a": 1}' });
    writeFileSync(join(cwd, 'input.json'), '{"a": 2}');
    const again = await pipewright([...args, `--session=${sessionOf(run)}`], { cwd });
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('SESSION_INPUT_CHANGED')]);
  });

  test.each([
    ['nothing', 'true', 'there is none'],
    ['no JSON', 'echo hello', 'its output is not one JSON value'],
    ['two values', 'echo "{} {}"', 'its output is not one JSON value'],
    ['a number beyond all', 'echo 1e999', 'its output is not one JSON value'],
    ['too deep', "printf '[%.0s' {1..40}; printf ']%.0s' {1..40}", 'it nests too deep'],
    ['far too deep', "printf '[%.0s' {1..100000}; printf ']%.0s' {1..100000}", 'it nests too deep'],
    ['another shape', 'echo \'{"files": "two"}\'', 'its output does not fit'],
    ['an exit code', 'echo \'{"files": 2}\'; exit 3', 'it ended with exit code 3'],
    ['a program that is not there', 'exec /nowhere', 'exit code 127'],
    ['a write into the checkout', 'set -e; echo x > src/price.ts', 'it ended with exit code 1'],
  ])('that answers %s has failed', async (_, body, words) => {
    const parts = { more: 'output: {type: object, required: [files], properties: {files: {type: integer}}}' };
    const { cwd, run } = await start({ script: sh(body), parts });
    expect(run.exitCode, run.stdout).toBe(20);
    const result = readOutput(cwd, 'result');
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(words) });
    expect(result.completion).toMatchObject({
      ...{ signal: 'blocked', error: { code: 'TASK_FAILED', recoverable: false } },
    });
    expect(result).not.toHaveProperty('output');
    expect(readOutput(cwd, 'proposals').proposals).toEqual([]);
  });

  test.each([
    ['hangs', 'sleep 600', 'it took longer than 1 s'],
    ['hangs and ignores signals', "trap '' TERM INT HUP; while :; do :; done", 'it took longer than 1 s'],
    ['writes 1 GB to its output', 'head -c 1G /dev/zero', 'it wrote more than 1 MiB'],
    ['writes 1 GB to its errors', 'head -c 1G /dev/zero >&2', 'it wrote more than 1 MiB'],
    [
      'writes 1 GB to its scratch folder',
      'set -e; head -c 1G /dev/zero > /tmp/x; echo {}',
      'it ended with exit code 1',
    ],
    ['forks a bomb', bomb, 'it had more than 64 processes', 20],
    [
      'takes all memory',
      'exec python3 -c "x = [bytes(1024 * 1024) + b\'1\' for _ in range(4096)]"',
      'memory|exit code',
      25,
    ],
  ])('that %s is ended', async (_, body, words, seconds = 1) => {
    const begun = performance.now();
    const { cwd, run } = await start({ script: sh(body), parts: { seconds } });
    expect(run.exitCode, run.stdout).toBe(20);
    expect(readOutput(cwd, 'result').reason).toMatch(new RegExp(words));
    expect(performance.now() - begun).toBeLessThan(30_000);
    expect((await logText(cwd, sessionOf(run))).length).toBeLessThan(10_000);
  });

  test('that prints a secret shows it nowhere', async () => {
    const token = `glpat-${'y2'.repeat(10)}`;
    const script = sh(
      `t=glpat-; t=\${t}${'y2'.repeat(10)}\necho "$t" >&2; printf '\\033[2K\\u202ehidden\\n' >&2\necho "{\\"token\\": \\"$t\\"}"`,
    );
    const { cwd, run } = await start({ script });
    expect(run.exitCode).toBe(0);
    const all =
      run.stdout +
      run.stderr +
      (await logText(cwd, sessionOf(run))) +
      JSON.stringify(readOutput(cwd, 'result'));
    expect(all).not.toContain(token);
    expect(readOutput(cwd, 'result').output).toEqual({ token: '[redacted]' });
    for (const character of ['\u001b', '\u202e']) expect(run.stderr).not.toContain(character);
    expect(run.stderr).toContain('\\u001b[2K');
  });

  test('sees neither variables nor the repository’s .git', async () => {
    const { cwd, run } = await start({
      script: sh('printf \'{"git": "%s", "secret": "%s"}\' "$(ls -A .git | wc -l)" "$PIPEWRIGHT_KEY"'),
    });
    expect(run.exitCode, run.stdout).toBe(0);
    expect(readOutput(cwd, 'result').output).toEqual({ git: '0', secret: '' });
  });
});

describe.skipIf(rung === 'none')(titled('conditions'), () => {
  test('a precondition that does not hold blocks, and nothing is run', async () => {
    const more = "preconditions: [{expression: 'input.ready', error_message: 'the release is not ready'}]";
    const { cwd, run } = await start({ script: sh('echo {}'), parts: { more }, input: '{"ready": false}' });
    expect(run.exitCode, run.stdout).toBe(31);
    expect(run.stdout).toContain(
      'blocked: precondition: the release is not ready: input.ready does not hold',
    );
    expect(await logText(cwd, sessionOf(run))).not.toContain('task-started');
  });

  test('one without an answer blocks too', async () => {
    const more = "preconditions: [{expression: 'input.ready'}]";
    const { run } = await start({ script: sh('echo {}'), parts: { more } });
    expect(run.exitCode).toBe(31);
    expect(run.stdout).toContain('input.ready has no answer');
  });

  test.each([
    ["'output.files > 2'", 20, 'postcondition: output.files > 2 does not hold'],
    ["'exit_code in [0, 3] && attempt == 1'", 0, 'complete'],
    ["'exit_code == 0'", 20, 'postcondition: exit_code == 0 does not hold'],
  ])('postcondition %s', async (expression, exitCode, words) => {
    const code = expression.includes('exit_code') ? 3 : 0;
    const more = `postconditions: [{expression: ${expression}}]`;
    const { run } = await start({ script: sh(`echo '{"files": 2}'; exit ${code}`), parts: { more } });
    expect(run.exitCode, run.stdout).toBe(exitCode);
    expect(run.stdout).toContain(words);
  });
});

describe.skipIf(rung === 'none')(titled('proposals of a script'), () => {
  const extensions = '{pipewright: {proposals: {note: {topics: [count]}}}}';
  const note = '{"tool": "propose_note", "arguments": {"body": "x"}}';
  test.each([
    ['no list', '{"proposals": {}}', 'its `proposals` are no list'],
    ['no mapping', '{"proposals": [1]}', 'its proposals[0] is no mapping'],
    [
      'another tool',
      '{"proposals": [{"tool": "propose_label", "arguments": {}}]}',
      'its proposals[0] is refused',
    ],
    ['one too many', `{"proposals": [${note}, ${note}]}`, 'its proposals[1] is refused'],
    [
      'a target',
      '{"proposals": [{"tool": "propose_note", "arguments": {"body": "x", "iid": 1}}]}',
      'no argument "iid"',
    ],
  ])('%s', async (_, output, words) => {
    const { cwd, run } = await start({ script: sh(`cat <<'END'\n${output}\nEND`), extensions });
    expect(run.exitCode, run.stdout).toBe(20);
    expect(run.stdout).toContain(words);
    expect(readOutput(cwd, 'proposals').proposals).toEqual([]);
  });

  test('where the manifest allows none the field is output like any other', async () => {
    const { cwd, run } = await start({ script: sh(`echo '{"proposals": [${note}]}'`) });
    expect(run.exitCode).toBe(0);
    expect(readOutput(cwd, 'proposals').proposals).toEqual([]);
    expect(readOutput(cwd, 'result').output.proposals).toHaveLength(1);
  });
});

test('without a sandbox no script runs, and the message says why', async () => {
  const cwd = repository({ [taskPath]: taskYaml(), 'scripts/count.sh': sh('touch /tmp/ran; echo {}') });
  const run = await pipewright(['run', `--agent=${taskPath}`], {
    cwd,
    change: (context) => ({
      ...context,
      exec: async (program, args, options) => {
        if (program === 'bwrap' || args.includes('bwrap'))
          throw processErrors.PROGRAM_MISSING({ program: 'bwrap', reason: 'spawn bwrap ENOENT' });
        return context.exec(program, args, options);
      },
    }),
  });
  expect([run.exitCode, run.stderr]).toEqual([3, expect.stringContaining('SANDBOX_UNAVAILABLE')]);
  expect(run.stderr).toContain('bubblewrap is not installed');
  expect(existsSync(join(cwd, '.pipewright/sessions'))).toBe(false);
});

test.skipIf(rung === 'none')('near the end of its job a task is left to another one', async () => {
  const cwd = repository({ [taskPath]: taskYaml(), 'scripts/count.sh': sh('sleep 30; echo {}') });
  const head = git(cwd, 'rev-parse', 'HEAD');
  const started = new Date(Date.now() - 1_000).toISOString();
  const env = {
    ...{ GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push', CI_JOB_STARTED_AT: started, CI_JOB_ID: '1' },
    ...{ CI_JOB_NAME: 'run', CI_JOB_STAGE: 'test', CI_JOB_URL: 'https://gitlab.example.com/j/1' },
    ...{
      CI_PROJECT_ID: '1',
      CI_PROJECT_PATH: 'acme/shop',
      CI_PROJECT_URL: 'https://gitlab.example.com/acme/shop',
    },
    ...{ CI_DEFAULT_BRANCH: 'main', CI_COMMIT_SHA: head, CI_NODE_TOTAL: '1' },
  };
  const args = ['run', `--agent=${taskPath}`];
  const cut = await pipewright(args, { cwd, env: { ...env, CI_JOB_TIMEOUT: '64' } });
  expect(cut.exitCode, cut.stdout + cut.stderr).toBe(30);
  expect(cut.stdout).toMatch(/^continue: the job is about to end/m);
  writeFileSync(join(cwd, 'scripts/count.sh'), sh('echo {}'));
  const again = await pipewright([...args, `--session=${sessionOf(cut)}`], {
    cwd,
    env: { ...env, CI_JOB_TIMEOUT: '3600' },
  });
  expect(again.exitCode, again.stderr).toBe(0);
  expect(readOutput(cwd, 'result').usage.iterations).toBe(2);
});

describe('--sandbox=off', () => {
  test('starts no script, whatever the machine could do', async () => {
    const cwd = repository({ [taskPath]: taskYaml(), 'scripts/count.sh': sh('echo {}') });
    const { exitCode, stderr } = await pipewright(['run', `--agent=${taskPath}`, '--sandbox=off'], { cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('SANDBOX_OFF')]);
    expect(existsSync(join(cwd, '.pipewright/run/pipewright/result.json'))).toBe(false);
  });

  test('its sandbox runs nothing', async () => {
    const { run, state } = createNoSandbox();
    expect(await state()).toEqual({ rung: 'none', reason: expect.stringContaining('--sandbox=off') });
    const limits = { timeout: 1, output: 1, scratch: 1, processes: 1, memory: 1 };
    await expect(run({ root: '/', command: ['true'], env: {}, input: '', limits })).rejects.toMatchObject({
      code: 'SANDBOX_OFF',
    });
  });
});
