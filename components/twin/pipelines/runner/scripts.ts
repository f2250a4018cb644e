import { listOf } from '../../config.ts';
import { quote } from './programs.ts';
import { green } from './trace.ts';

/**
 * The scripts of a job as a runner writes them: `before_script` and `script` in one shell, `after_script` in another;
 * undefined where the job has none. Each command is shown before it runs.
 */
export function renderScripts(
  config: Readonly<Record<string, unknown>>,
  place: { readonly variables: string; readonly project: string },
): { readonly script: string; readonly after: string | undefined } {
  const commands = [...commandsOf(config.before_script), ...commandsOf(config.script)];
  const after = commandsOf(config.after_script);
  return {
    script: renderScript(commands, place),
    after: after.length === 0 ? undefined : renderScript(after, place),
  };
}

/** Commands of a script keyword, whose lists `!reference` may have put into one another. */
function commandsOf(script: unknown): string[] {
  return listOf(script).flatMap((item) => (Array.isArray(item) ? commandsOf(item) : [String(item).trim()]));
}

function renderScript(
  commands: readonly string[],
  { variables, project }: { readonly variables: string; readonly project: string },
): string {
  return [
    `. ${quote(variables)}`,
    'set -eo pipefail',
    'set +o noclobber',
    `cd ${quote(project)}`,
    ...commands.flatMap((command) => [`printf '%s\\n' ${quote(echoOf(command))}`, command]),
    'exit 0',
    '',
  ].join('\n');
}

function echoOf(command: string): string {
  const [first = '', ...rest] = command.split('\n');
  return first === '' ? '' : green(`$ ${first}${rest.length > 0 ? ' # collapsed multi-line command' : ''}`);
}

/**
 * A file that sets variables exactly as they are; a shell reads it. Names a shell cannot have are left out, as it
 * would refuse them, and so is what comes after a NUL.
 */
export function renderVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .filter(([key]) => /^[A-Za-z_]\w*$/.test(key))
    .map(([key, value]) => `export ${key}=${quote(value.replace(/\0.*$/s, ''))}\n`)
    .join('');
}
