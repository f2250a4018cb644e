#!/usr/bin/env node
// The process file: the only one that touches argv, environment, streams, signals and exit (test/architecture).
import { runCli } from '../components/kernel/cli.ts';
import { commands } from './commands.gen.ts';
import { createContext } from './wire/context.ts';
import { role } from './wire/role.ts';
import { version } from './wire/version.ts';

const { args, broker } = await role({
  args: process.argv.slice(2),
  env: process.env,
  parent: () => process.ppid,
  stdin: () => process.stdin,
  isRoot: process.getuid?.() === 0,
  becomeUser: (user) => {
    process.setgroups?.([]);
    process.setgid?.(user);
    process.setuid?.(user);
  },
  becomeProgram:
    process.execve &&
    ((words, env) =>
      process.execve?.(
        process.execPath,
        [process.execPath, ...process.execArgv, process.argv[1] ?? '', ...words],
        env,
      )),
  onSignal: (end) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  },
  exit: () => process.exit(),
});

const cancel = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => cancel.abort(signal));
// Whoever reads our output may stop early (`| head`): that is no failure of the command.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

process.exitCode = await runCli(
  {
    args,
    version,
    commands,
    write: (text) => process.stdout.write(text),
    createContext: (settings) =>
      createContext(settings, {
        env: process.env,
        broker,
        cwd: process.cwd(),
        cancel: cancel.signal,
        terminal: process.stdout.isTTY === true,
        stdout: (text) => process.stdout.write(text),
        stderr: (text) => process.stderr.write(text),
      }),
  },
  process.env,
);
