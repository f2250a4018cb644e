import { errors } from './errors.ts';
import { descriptors, startFiles } from './layout.ts';
import type { SandboxLimits } from './types.ts';

/** Programs are looked for here and nowhere else: the job's PATH may lead into the checkout (`node_modules/.bin`). */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Files that are open at one time, where no limit says otherwise. */
const openFiles = 1024;

/**
 * Hands on what bubblewrap says, and when it has ended without an exit code, kills what it has started: bubblewrap ties
 * the sandbox to its own end (`--die-with-parent`) only as the last thing before the script starts, and one that is killed
 * earlier leaves a first process that waits for it, or runs on. It has a session of its own by then, or is still in the
 * group, where it is looked for if it was never told of. The group is that of the shell, as the context starts programs.
 */
const keeper = `
  while IFS= read -r line || [[ $line ]]; do
    said=$line
    if [[ $line =~ child-pid.:\\ ([0-9]+) ]]; then first=\${BASH_REMATCH[1]}; fi
    printf "%s\\n" "$line" >&${descriptors.status}
  done
  [[ $said != *exit-code* ]] || exit
  for stat in /proc/\${first:-[0-9]*}/stat; do
    read -r pid name _ _ group _ <"$stat"
    if [[ $first || $name$group = "(bwrap)$$" ]]; then kill -KILL "$pid"; fi
  done 2>/dev/null`;

/**
 * What starts bubblewrap and then is bubblewrap, which ends with us. When memory is short, the kernel shall take what runs
 * in here before us. Node's pipes are sockets, and whoever opens `/dev/stderr` by its name is refused, so each stream gets
 * a real pipe. Those who empty them and the keeper stay until all is handed on: no signal to the group ends them. Nobody
 * is hit by one that comes before bubblewrap does, and then no script is permitted to start. Without `--norc`, bash that
 * reads from a socket reads somebody's `.bashrc`.
 */
const outer = `
trap "" TERM
{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null
exec > >(exec cat) 2> >(exec cat >&2)
exec ${descriptors.status}> >(${keeper})
trap - TERM
exec -- "$@"`;

/**
 * What starts the script, inside: goes on only when it is told to, since bubblewrap that we left alone while it started
 * must not become a script. Then it closes what the job's own processes had open, which bubblewrap hands on; limits it;
 * and only then takes the environment, since a LD_PRELOAD in it must not reach what limits. A limit that cannot be set
 * is a lower one already. The kernel ignores the number of processes for root, so twice what is counted from outside.
 */
const inner = (input: string) => `
IFS= read -r _sandbox_variable && [[ $_sandbox_variable = start ]] || exit 1
for fd in /proc/self/fd/*; do fd=\${fd##*/}; if (( fd > 2 )); then exec {fd}>&-; fi; done
ulimit -c 0
{ ulimit -n "$1"; ulimit -f "$2"; ulimit -t "$3"; ulimit -u "$4"; ulimit -d "$5"; } 2>/dev/null
shift 5
while IFS= read -r -d "" _sandbox_variable; do export "$_sandbox_variable"; done <${startFiles.environment}
exec -- "$@"${input}`;

/** Out of everybody's way: hundreds of processes that all want to run must not keep us from counting them, nor bubblewrap from being ended. */
const behindAll = ['/usr/bin/nice', '-n', '19'];

/**
 * Arguments of bash that run a command in bubblewrap with those arguments.
 * @param isOpen - whether its standard input is what follows the permission, and no file
 */
export function planLaunch(
  arguments_: readonly string[],
  command: readonly string[],
  limits: SandboxLimits,
  isOpen = false,
): string[] {
  const { processes, memory, files = openFiles, fileSize, cpu } = limits;
  const kibibytes = (bytes: number) => Math.ceil(bytes / 1024);
  // One process alone cannot have more than all of them may; the kernel ends it where nobody counts in time.
  const seconds = cpu === undefined ? 'unlimited' : Math.ceil(cpu / 1000) + 1;
  const size = fileSize === undefined ? 'unlimited' : kibibytes(fileSize);
  const numbers = [files, size, seconds, processes * 2, kibibytes(memory)].map(String);
  const script = inner(isOpen ? '' : ` <${startFiles.input}`);
  const inside = [...behindAll, '/usr/bin/bash', '--norc', '-c', script, 'bash', ...numbers, ...command];
  return ['--norc', '-c', outer, 'bash', 'bwrap', ...arguments_, '--', ...inside];
}

/** Bash sets these itself (bash(1), Shell Variables): lets nobody else, or gives them another value, or none. */
const ownOfBash =
  /^(_|BASHOPTS|BASHPID|BASH_(ALIASES|ARGC|ARGV|CMDS|COMMAND|LINENO|SOURCE|SUBSHELL|VERSINFO)|DIRSTACK|EPOCHREALTIME|EPOCHSECONDS|EUID|FUNCNAME|GROUPS|HISTCMD|LINENO|OPTIND|PIPESTATUS|PPID|S?RANDOM|SECONDS|SHELLOPTS|SHLVL|UID)$/;

const made = { PATH: systemPath, HOME: '/tmp', TMPDIR: '/tmp', LANG: 'C.UTF-8' };

/** The environment as a NUL-separated list, as it is read inside. @throws SANDBOX_INVALID */
export function renderEnvironment(env: Readonly<Record<string, string>>): string {
  return Object.entries({ ...made, ...env })
    .map(([name, value]) => {
      const refuse = (expected: string) =>
        errors.INVALID({ what: `the variable ${JSON.stringify(name)}`, expected });
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw refuse('letters, digits and _ in its name');
      if (ownOfBash.test(name)) throw refuse('a name that shells let be set');
      if (value.includes('\0')) throw refuse('a value without NUL');
      return `${name}=${value}\0`;
    })
    .join('');
}

/** @throws SANDBOX_INVALID */
export function assertCommand(command: readonly string[]): void {
  if (command[0] === undefined || command[0] === '' || command.some((word) => word.includes('\0')))
    throw errors.INVALID({
      what: `the command ${JSON.stringify(command.join(' '))}`,
      expected: 'a program, and no NUL',
    });
}
