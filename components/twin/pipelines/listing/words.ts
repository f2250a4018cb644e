import type { ExecResult } from '../../../kernel/context.ts';
import { withoutControls } from '../../../kernel/log.ts';

/** What gitlab-ci-local says at every start, and what git says that it asks in vain. */
const noise =
  /^(at |Using fallback|Command failed|Unable to retrieve|parsing and|fatal: ref refs\/remotes\/origin\/HEAD is not a symbolic ref)/;

/** The last lines gitlab-ci-local wrote to standard error: its messages have no code and no form. */
export function reasonOf(result: Pick<ExecResult, 'stderr' | 'exitCode' | 'signal'>): string {
  const lines = result.stderr
    .split('\n')
    .map((line) => withoutControls(line.trim()))
    .filter((line) => line !== '' && !noise.test(line));
  const last = lines.slice(-5).join(' | ');
  return last === '' ? `exit code ${result.exitCode ?? result.signal}` : last;
}
