import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Context } from '../../kernel/context.ts';
import { withoutControls } from '../../kernel/log.ts';
import { folderOf } from './gitlab-ci-local.ts';

const tailLines = 20;

/** Copies a job's artifacts out of the temporary folder. */
export async function collectArtifacts(
  context: Context,
  from: string,
  folder: string,
  job: string,
): Promise<void> {
  const entries = await context.fs.readdir(from).catch(() => []);
  if (entries.length === 0) return;
  const to = join(folder, 'artifacts', folderOf(job));
  await context.fs.mkdir(to, { recursive: true });
  // cp, since it copies links as links: what they point to may lie outside.
  const copied = await context.exec('cp', ['-RPp', '--', `${from}/.`, to], {
    cwd: folder,
    env: { PATH: context.env.PATH ?? '/usr/bin:/bin' },
  });
  if (copied.exitCode !== 0)
    context.log.warning(`artifacts of ${job} are not complete: ${copied.stderr.trim()}`);
}

/** Writes a job's log to the results, without secrets and terminal codes, and gives its lines. */
export async function collectLog(
  context: Context,
  from: string,
  folder: string,
  job: string,
): Promise<readonly string[]> {
  const text = await context.fs.readFile(from, 'utf8').catch(() => '');
  const lines = cleanLog(context.redact(text));
  const logs = join(folder, 'logs');
  await context.fs.mkdir(logs, { recursive: true });
  await context.fs.writeFile(join(logs, `${folderOf(job)}.log`), lines.map((line) => `${line}\n`).join(''));
  return lines;
}

export function tailOf(lines: readonly string[]): readonly string[] {
  return lines.slice(-tailLines);
}

/** Lines of a log without colours and other control characters; commands stand behind `$`. */
function cleanLog(text: string): string[] {
  const plain = stripVTControlCharacters(text).replaceAll('<gclShellPromptPlaceholder>', '$');
  return withoutControls(plain.replace(/\r+\n/g, '\n').replace(/\n$/, '')).split('\n');
}
