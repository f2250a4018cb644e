import type { AttemptFolders } from './folders.ts';
import { quote } from './programs.ts';
import { cyan } from './trace.ts';

type AttemptPlaces = Pick<AttemptFolders, 'control' | 'builds'>;

/** Seconds an `after_script` may take, as a runner gives it (`RUNNER_AFTER_SCRIPT_TIMEOUT`). */
const afterScriptSeconds = 300;

/** Files of the control folder by which its shells and we tell each other where an attempt stands. */
export const notes = {
  /** Exit code of the script; written once it has ended. */
  code: 'script.code',
  /** Why the attempt is ended early: `cancel`, `timeout`, `script-timeout` or `lost`. */
  stop: 'stop',
} as const;

/**
 * What {@link supervise} runs for the script and for the `after_script`: `$1` says which. It starts the real one in a
 * process group of its own, with no variable but its own, its output, as a section of the log, in the pipe that is read
 * there; notes the group and the exit code; and ends what the script left in its group. It stands in the builds folder,
 * so that whoever ends all that stands there ends it too.
 *
 * @param path - programs the scripts find
 */
export function launcher({ control, builds }: AttemptPlaces, path: string): string {
  return `exec 2> /dev/null
set -m
control=${quote(control)}
cd ${quote(builds)} || exit 1
stage=$1
status=running
if [ "$stage" = after ]; then
  status=failed
  [ "$(cat "$control/${notes.code}")" = 0 ] && status=success
fi
if [ -e "$control/${notes.stop}" ]; then
  case "$stage $(cat "$control/${notes.stop}")" in
    'after cancel') status=canceled ;;
    'after script-timeout') ;;
    *) exit 143 ;;
  esac
fi
section() { printf 'section_%s:%s:%s\\r\\033[0K' "$1" "$(date +%s)" "$section"; }
if [ "$stage" = script ]; then
  section=step_script title=${quote(cyan('Executing "step_script" stage of the job script'))}
else
  section=after_script title=${quote(`${cyan('Running after_script')}\nRunning after script...`)}
fi
# Read and write: not waiting for a reader, should it have been killed.
{ section start; printf '\\033[0K%s\\n' "$title"; } 1<> "$control/output"
env -i PATH=${quote(path)} CI_JOB_STATUS=$status bash --noprofile --norc "$control/$stage.sh" \
  < /dev/null > "$control/output" 2>&1 &
job=$!
echo "$job" > "$control/$stage.group"
# Whoever stops the attempt notes it first and then looks for the group: one of both sees the other.
[ "$stage" = script ] && [ -e "$control/${notes.stop}" ] && kill -KILL "-$job"
guard=
if [ "$stage" = after ]; then
  { sleep ${afterScriptSeconds}; kill -TERM "-$job"; sleep 5; kill -KILL "-$job"; } < /dev/null > /dev/null &
  guard=$!
fi
wait "$job"
code=$?
rm -f "$control/$stage.group"
kill -KILL "-$job"
[ -n "$guard" ] && kill -KILL "-$guard"
section end 1<> "$control/output"
echo "$code" > "$control/$stage.part" && mv "$control/$stage.part" "$control/$stage.code"
exit "$code"
`;
}

/**
 * Functions that end the process groups noted in the control folder, and then what carries a mark of the job: what has
 * left its group but still has its variables or stands in its folder. Only Linux shows them. A process that has left the
 * group, dropped the variables and gone elsewhere (`setsid env -i sh -c 'cd /; exec …'`) is not found and stays.
 */
const killers = `
kill_groups() {
  for noted in script after; do
    [ -e "$noted.group" ] && kill -KILL "-$(cat "$noted.group")" 2> /dev/null
  done
}
sweep() {
  [ -d /proc/self ] || return 0
  for pass in 1 2 3 4 5; do
    found=$(
      grep -lzxsF "CI_PROJECT_DIR=$1" /proc/[0-9]*/environ | cut -d / -f 3
      find /proc/[0-9]*/cwd -maxdepth 0 -lname "$2*" 2> /dev/null | cut -d / -f 3
    )
    [ -n "$found" ] || return 0
    kill -KILL $found 2> /dev/null
  done
}
`;

/**
 * Runs the script and, once it has ended, the `after_script`, where there is one, and passes on what they print. In the
 * end it ends what it can find of the job, also where a launcher was killed; a process that hides and holds the output
 * is not waited for longer than five seconds. Arguments: control folder, project folder, builds folder.
 */
export const supervise = `
control=$1 project=$2 builds=$3
cd "$control" || exit 1
ended=
trap 'ended=1' TERM INT HUP
${killers}
mkfifo output
{
  cat output &
  echo "$!" > reader
  wait "$!"
  : > drained
} &
{
  bash ./launch.sh script
  [ -e ${notes.code} ] && [ -e after.sh ] && [ -z "$ended" ] && bash ./launch.sh after
} < /dev/null > /dev/null 3> output
kill_groups
sweep "$project" "$builds"
waited=0
while [ ! -e drained ] && kill -0 "$(cat reader)" && [ "$waited" -lt 500 ]; do
  sleep 0.01
  waited=$((waited + 1))
done 2> /dev/null
[ -e drained ] || kill -KILL "$(cat reader)" 2> /dev/null
wait
exit 0
`;

/** Sends the script of an attempt a signal: control folder, signal. */
export const signalScript = `
cd "$1" && [ -e script.group ] && kill "-$2" "-$(cat script.group)" 2> /dev/null
exit 0
`;

/** Ends all that an attempt runs, at once: control folder, project folder, builds folder. */
export const killAll = `
${killers}
cd "$1" || exit 0
kill_groups
sweep "$2" "$3"
exit 0
`;
