/** What the runner collects of a job's output when nobody configured it (`output_limit`, 4096 KB). */
const outputLimit = 4096 * 1024;

/**
 * Ends, after the command it is given, what jobs left behind: after a cancellation a job that ignores SIGTERM, for
 * gitlab-ci-local does not wait for it. `$0` is the folder of {@link jobShell}'s groups; a group that comes to it
 * after `closed` ends by itself. `exec` gives each program a process group of its own, the last that is killed.
 */
export const thenKillGroups = [
  'trap : TERM INT HUP',
  '"$@"',
  'echo > "$0/closed"',
  'cd "$0" && for group in [0-9]*; do kill -KILL "-$group" 2> /dev/null; done',
  'kill -KILL 0',
].join('\n');

/** Starts a program once its process group, whose leader it is, has been noted: `$0` is the folder of groups. */
const noted = `echo > "$0/$$"; [ ! -e "$0/closed" ] || exit 143; exec "$@"`;

/** Passes on what a runner would collect and reads the rest away, so that the job goes on. `head` would hold it back. */
const reader = `
  const { stdin, stdout } = process;
  let left = ${outputLimit};
  stdin.on('data', (piece) => {
    if (left < 0) return;
    stdout.write(piece.subarray(0, left));
    left -= piece.length;
    if (left < 0) stdout.write("\\nJob's log exceeded limit of ${outputLimit} bytes.\\n" +
      'Job execution will continue but no more output will be collected.\\n');
  });
`;

/**
 * A file for `BASH_ENV` of the bash that gitlab-ci-local 4.75.1 starts for a script: bash reads it first, and it runs
 * a bash for the script itself and never returns. It does what a runner does and gitlab-ci-local does not: a
 * process left in the background is ended with the script, where gitlab-ci-local waits until it closes its output,
 * and of very long output, with which gitlab-ci-local crashes, the rest is dropped.
 *
 * @param groups - folder, quoted for a shell, where the process groups that run are noted
 * @param node - program, quoted for a shell
 * @param quote - makes one word for a shell
 */
export function jobShell(groups: string, node: string, quote: (text: string) => string): string {
  return `unset BASH_ENV
exec 2> /dev/null
set -m
pipewright_groups=${groups}
pipewright_output="$pipewright_groups/output.$$"
mkfifo "$pipewright_output"
NODE_OPTIONS= sh -c ${quote(noted)} "$pipewright_groups" ${node} -e ${quote(reader)} < "$pipewright_output" &
pipewright_reader=$!
sh -c ${quote(noted)} "$pipewright_groups" bash <&0 > "$pipewright_output" 2>&1 &
pipewright_job=$!
wait "$pipewright_job"
pipewright_code=$?
kill -KILL "-$pipewright_job"
# A daemon has left the group, and may keep the output open; on a busy machine the reader may only have begun.
{ sleep 5; kill -KILL "-$pipewright_reader"; } < /dev/null > /dev/null &
pipewright_guard=$!
wait "$pipewright_reader"
kill -KILL "-$pipewright_guard"
rm -f "$pipewright_output" "$pipewright_groups/$pipewright_job" "$pipewright_groups/$pipewright_reader"
exit "$pipewright_code"
`;
}
