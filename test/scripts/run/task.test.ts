import { chmodSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../../components/kernel/context.ts';
import { processErrors } from '../../../components/kernel/errors.ts';
import { createSandbox } from '../../../components/sandbox/create.ts';
import { readOutput, repository, sessionOf } from '../../session/support.ts';
import { type CliRun, pipewright, testContext } from '../../support/cli.ts';
import { git, workspace } from '../../support/workspace.ts';

const { rung, reason } = await createSandbox(testContext('/')).state();
/** Scripts run in the sandbox or not at all: what is skipped says why. */
const titled = (name: string) => (rung === 'none' ? `${name} (skipped: ${reason})` : name);

const taskPath = 'tasks/count.ossa.yaml';

interface TaskParts {
  readonly type?: string;
  readonly seconds?: number;
  readonly more?: string;
}

function taskYaml({ type = 'deterministic', seconds = 20, more = '' }: TaskParts = {}): string {
  return `apiVersion: ossa/v0.3.5
kind: Task
metadata: {name: count, version: 1.0.0}
spec:
  execution: {type: ${type}, entrypoint: scripts/count.sh, timeout_seconds: ${seconds}}
  ${more.replaceAll('\n', '\n  ')}
`;
}

interface Started {
  readonly script: string;
  readonly parts?: TaskParts;
  readonly extensions?: string;
  readonly input?: string;
  readonly change?: (context: Context) => Context;
}

const inputOf = (input: string | undefined) => (input === undefined ? [] : ['--input=input.json']);

async function start({ script, parts = {}, extensions, input, change }: Started) {
  const yaml = taskYaml(parts) + (extensions === undefined ? '' : `extensions: ${extensions}\n`);
  const cwd = repository({
    [taskPath]: yaml,
    'scripts/count.sh': script,
    ...(input === undefined ? {} : { 'input.json': input }),
  });
  const args = ['run', `--agent=${taskPath}`, ...inputOf(input)];
  return { cwd, args, run: await pipewright(args, change === undefined ? { cwd } : { cwd, change }) };
}

const sh = (body: string) => `#!/bin/bash\n${body}\n`;

function logText(cwd: string, { stdout }: Pick<CliRun, 'stdout'>): string {
  const folder = join(cwd, '.pipewright/sessions', sessionOf({ exitCode: 0, stderr: '', stdout }));
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

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
    ['forks a bomb', ':(){ :|:& };:; sleep 10', 'it had more than 64 processes'],
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
    expect(logText(cwd, run).length).toBeLessThan(10_000);
  });

  test('that prints a secret shows it nowhere', async () => {
    const token = `glpat-${'y2'.repeat(10)}`;
    const script = sh(
      `t=glpat-; t=\${t}${'y2'.repeat(10)}\necho "$t" >&2; printf '\\033[2K\\u202ehidden\\n' >&2\necho "{\\"token\\": \\"$t\\"}"`,
    );
    const { cwd, run } = await start({ script });
    expect(run.exitCode).toBe(0);
    const all = run.stdout + run.stderr + logText(cwd, run) + JSON.stringify(readOutput(cwd, 'result'));
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
    expect(logText(cwd, run)).not.toContain('task-started');
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

/** Of all processes of this machine. */
function commandLines(): string[] {
  return readdirSync('/proc').flatMap((name) => {
    const file = `/proc/${name}/cmdline`;
    try {
      return /^\d+$/.test(name) ? [readFileSync(file, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}

describe.skipIf(rung === 'none')(titled('on error'), () => {
  const failing = sh('echo tried >&2; exit 1');

  /** Waits no time, and tells how long it was asked to. */
  function waiting(waits: number[], onWait: () => void = () => undefined) {
    return (context: Context): Context => ({
      ...context,
      clock: {
        ...context.clock,
        sleep: async (milliseconds, cancel) => {
          // What ends early is a limit of the sandbox, not a wait.
          if (cancel !== undefined || milliseconds < 1_000) return context.clock.sleep(milliseconds, cancel);
          waits.push(milliseconds);
          onWait();
        },
      },
    });
  }

  test('retry tries three times, after one second and two', async () => {
    const waits: number[] = [];
    const parts = { type: 'idempotent', more: 'error_handling: {on_error: retry}' };
    const { cwd, run } = await start({ script: failing, parts, change: waiting(waits) });
    expect([run.exitCode, waits]).toEqual([20, [1_000, 2_000]]);
    expect(run.stdout.match(/^attempt \d came to nothing: it ended with exit code 1$/gm)).toHaveLength(3);
    expect(readOutput(cwd, 'result').usage.iterations).toBe(3);
  });

  test('retry ends with the first success', async () => {
    const waits: number[] = [];
    const cwd = repository({
      [taskPath]: taskYaml({ more: 'error_handling: {on_error: retry}' }),
      'scripts/count.sh': failing,
    });
    const change = waiting(waits, () => writeFileSync(join(cwd, 'scripts/count.sh'), sh('echo {}')));
    const run = await pipewright(['run', `--agent=${taskPath}`], { cwd, change });
    expect([run.exitCode, waits]).toEqual([0, [1_000]]);
    expect(readOutput(cwd, 'result').usage.iterations).toBe(2);
  });

  test('ignore completes, with the error and without output', async () => {
    const { cwd, run } = await start({
      script: failing,
      parts: { more: 'error_handling: {on_error: ignore}' },
    });
    expect(run.exitCode, run.stdout).toBe(0);
    const result = readOutput(cwd, 'result');
    expect(result.completion.error).toEqual({
      code: 'TASK_FAILED',
      message: 'it ended with exit code 1',
      recoverable: true,
    });
    expect(result).not.toHaveProperty('output');
  });

  test('a failed one is tried again when it is gone on with, unless it is transactional', async () => {
    for (const [type, exitCode] of [
      ['idempotent', 0],
      ['transactional', 20],
    ] as const) {
      const { cwd, args, run } = await start({ script: failing, parts: { type } });
      writeFileSync(join(cwd, 'scripts/count.sh'), sh('echo {}'));
      const again = await pipewright([...args, `--session=${sessionOf(run)}`], { cwd });
      expect([type, run.exitCode, again.exitCode]).toEqual([type, 20, exitCode]);
    }
  });

  test('cut off by SIGTERM: its processes end, and only a transactional one stays blocked', async () => {
    for (const [type, exitCode] of [
      ['deterministic', 0],
      ['transactional', 31],
    ] as const) {
      const seconds = 600 + Math.floor(Math.random() * 1e6) / 1e6;
      const cwd = repository({ [taskPath]: taskYaml({ type }), 'scripts/count.sh': sh(`sleep ${seconds}`) });
      const cancel = new AbortController();
      const args = ['run', `--agent=${taskPath}`];
      const running = pipewright(args, { cwd, cancel: cancel.signal });
      const isAsleep = () => commandLines().some((line) => line.startsWith(`sleep\0${seconds}\0`));
      await expect.poll(isAsleep, { timeout: 10_000 }).toBe(true);
      cancel.abort('SIGTERM');
      const cut = await running;
      expect([cut.exitCode, cut.stderr]).toEqual([3, expect.stringContaining('cancelled by SIGTERM')]);
      expect(isAsleep()).toBe(false);
      writeFileSync(join(cwd, 'scripts/count.sh'), sh('echo {}'));
      const again = await pipewright([...args, `--session=${sessionOf(cut)}`], { cwd });
      expect([type, again.exitCode], again.stdout).toEqual([type, exitCode]);
    }
  });
});

describe.skipIf(rung === 'none')(titled('entrypoint and input'), () => {
  test('a script that is executable needs no first line that names what runs it', async () => {
    const cwd = repository({ [taskPath]: taskYaml(), 'scripts/count.sh': 'echo {}\n' });
    const not = await pipewright(['run', `--agent=${taskPath}`], { cwd });
    expect([not.exitCode, not.stderr]).toEqual([2, expect.stringContaining('SESSION_ENTRYPOINT')]);
    chmodSync(join(cwd, 'scripts/count.sh'), 0o755);
    expect(await pipewright(['run', `--agent=${taskPath}`], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test.each(['missing', 'link', 'folder', 'folder that is a link'])('%s', async (what) => {
    const outside = workspace({ 'count.sh': sh('echo {}') });
    const cwd = repository({
      [taskPath]: taskYaml(),
      ...(what === 'folder' ? { 'scripts/count.sh/a': '' } : {}),
    });
    if (what === 'folder that is a link') symlinkSync(outside, join(cwd, 'scripts'));
    if (what === 'link') {
      const linked = repository({ [taskPath]: taskYaml(), 'scripts/a': '' });
      symlinkSync(join(outside, 'count.sh'), join(linked, 'scripts/count.sh'));
      const run = await pipewright(['run', `--agent=${taskPath}`], { cwd: linked });
      expect([run.exitCode, run.stderr]).toEqual([
        2,
        expect.stringContaining('scripts/count.sh is a symbolic link'),
      ]);
      return;
    }
    const run = await pipewright(['run', `--agent=${taskPath}`], { cwd });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_ENTRYPOINT')]);
  });

  test.each([
    ['no JSON', '{', 'the input input.json cannot be used'],
    ['another shape', '{"name": 1}', 'name'],
  ])('input: %s', async (_, input, words) => {
    const parts = { more: 'input: {type: object, required: [name], properties: {name: {type: string}}}' };
    const { run } = await start({ script: sh('echo {}'), parts, input });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_INPUT_INVALID')]);
    expect(run.stderr).toContain(words);
  });

  test('input that is missing', async () => {
    const cwd = repository({ [taskPath]: taskYaml(), 'scripts/count.sh': sh('echo {}') });
    const run = await pipewright(['run', `--agent=${taskPath}`, '--input=none.json'], { cwd });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_INPUT_INVALID')]);
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
