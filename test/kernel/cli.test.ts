import { describe, expect, test } from 'vitest';
import { type AnyCommand, defineCommand } from '../../components/kernel/command.ts';
import { processErrors } from '../../components/kernel/errors.ts';
import { exitCodes } from '../../components/kernel/failure.ts';
import { pipewright } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';

function table(run: AnyCommand['run']) {
  const command = defineCommand({
    id: 'probe',
    summary: 'A command for tests',
    inputs: {
      token: { type: 'string', description: 'A secret', secret: true },
      level: {
        type: 'string',
        description: 'A level',
        options: ['low', 'high'],
        default: 'low',
        security: true,
      },
    },
    examples: ['pipewright probe --level=high'],
    exits: { 20: 'findings' },
    run,
  });
  return { probe: { summary: command.summary, load: async () => command } };
}

const ok = table(async () => exitCodes.ok);
const here = () => ({ cwd: workspace() });

describe('what people ask first', () => {
  test('--version', async () => {
    expect(await pipewright(['--version'], here())).toEqual({
      exitCode: 0,
      stdout: '0.0.0-test\n',
      stderr: '',
    });
  });

  test('--help lists every command', async () => {
    const { exitCode, stdout } = await pipewright(['--help'], here());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}validate +Check OSSA manifests/m);
  });

  test('no command shows the same and is misuse', async () => {
    const { exitCode, stdout } = await pipewright([], here());
    expect(exitCode).toBe(2);
    expect(stdout).toContain('Usage: pipewright <command>');
  });

  test('help of a command comes from its declaration', async () => {
    const { stdout } = await pipewright(['probe', '--help'], { ...here(), commands: ok });
    expect(stdout).toContain('--level=<string>\n      A level (one of: low, high; default low; flag only)');
    expect(stdout).toContain('--token=<string>\n      A secret (text; PIPEWRIGHT_TOKEN)');
    expect(stdout).toContain('20  findings');
    expect(stdout).toContain('pipewright probe --level=high');
  });
});

describe('mistakes', () => {
  test('an unknown command names the nearest', async () => {
    const { exitCode, stderr, stdout } = await pipewright(['valdate'], here());
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('there is no command "valdate"; did you mean "validate"?');
    expect(stderr).toContain('INPUT_UNKNOWN_COMMAND');
  });

  test.each(['constructor', '__proto__', 'toString'])('%s is no command', async (name) => {
    expect((await pipewright([name], here())).exitCode).toBe(2);
  });

  test('every mistake of the command line is told', async () => {
    const { exitCode, stderr } = await pipewright(['probe', '--level=x', '--lvel'], {
      ...here(),
      commands: ok,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('INPUT_INVALID');
    expect(stderr).toContain('INPUT_UNKNOWN_FLAG');
  });
});

describe('the catch-all', () => {
  test('a failure gives its message, fix, code and exit code', async () => {
    const commands = table(async () => {
      throw processErrors.PROGRAM_MISSING({ program: 'git', reason: 'ENOENT' });
    });
    const { exitCode, stderr } = await pipewright(['probe'], { ...here(), commands });
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      'error: git cannot be started: ENOENT\n  fix: Install the program, or use an image that has it.\n  code: PROCESS_PROGRAM_MISSING\n',
    );
  });

  test('anything else is our defect, with the stack only on request', async () => {
    const commands = table(async () => {
      throw new TypeError('x is not a function');
    });
    const plain = await pipewright(['probe'], { ...here(), commands });
    expect(plain.exitCode).toBe(70);
    expect(plain.stderr).toContain('PROCESS_BUG');
    expect(plain.stderr).not.toContain('cli.test.ts');
    const debug = await pipewright(['probe', '--debug'], { ...here(), commands });
    expect(debug.stderr).toContain('cli.test.ts');
  });

  test('cancellation is told as such, whatever it broke', async () => {
    const cancel = new AbortController();
    const commands = table(async () => {
      cancel.abort('SIGTERM');
      throw new Error('socket closed');
    });
    const { exitCode, stderr } = await pipewright(['probe'], { ...here(), commands, cancel: cancel.signal });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('cancelled by SIGTERM');
    expect(stderr).toContain('PROCESS_CANCELLED');
  });
});

describe('output', () => {
  const speaking = table(async (context, inputs) => {
    context.print(`result ${inputs.token}\n`);
    context.log.warning(`careful with ${inputs.token}\u001b[2J`, { attempt: 2 });
    await context.log.section('build', 'Building', async () => context.log.info('inside'));
    return exitCodes.ok;
  });

  test('results go to standard output, progress to standard error, secrets nowhere', async () => {
    const run = await pipewright(['probe', '--token=hunter2hunter2'], { ...here(), commands: speaking });
    expect(run.stdout).toBe('result [redacted]\n');
    expect(run.stderr).toBe('warning: careful with [redacted]\\u001b[2J attempt=2\nBuilding\ninside\n');
  });

  test('--log=json writes one object a line', async () => {
    const { stderr } = await pipewright(['probe', '--log=json', '--token=abcdefgh'], {
      ...here(),
      commands: speaking,
    });
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({
      level: 'warning',
      message: 'careful with [redacted]\u001b[2J',
      attempt: 2,
    });
    expect(lines).toHaveLength(3);
  });

  test('a GitLab job gets foldable sections', async () => {
    const options = { ...here(), commands: speaking, env: { GITLAB_CI: 'true' } };
    const { stderr } = await pipewright(['probe', '--token=abcdefgh'], options);
    expect(stderr).toMatch(/section_start:\d+:build\[collapsed=true\]\r/);
    expect(stderr).toContain('\r\u001b[0KBuilding\n');
    expect(stderr).toMatch(/section_end:\d+:build\r/);
  });

  test('colour only at a terminal, and never with NO_COLOR', async () => {
    const at = async (terminal: boolean, env: Record<string, string>) =>
      (await pipewright(['nosuch'], { ...here(), terminal, env })).stderr.includes('\u001b[31m');
    expect(await at(true, {})).toBe(true);
    expect(await at(true, { NO_COLOR: '1' })).toBe(false);
    expect(await at(false, {})).toBe(false);
  });
});
