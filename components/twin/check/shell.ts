import { join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { processErrors } from '../../kernel/errors.ts';
import { Failure } from '../../kernel/failure.ts';
import { jobsOf } from '../config.ts';
import { scriptOf } from '../resolve.ts';
import type { FlatConfig } from '../types.ts';

export interface ShellIssue {
  readonly job: string;
  readonly severity: 'error' | 'warning';
  /** `SC2086`. */
  readonly rule: string;
  /** The line of the script it is about. */
  readonly line: string;
  readonly message: string;
}

interface Comment {
  readonly file: string;
  readonly line: number;
  readonly level: string;
  readonly code: number;
  readonly message: string;
}

// As the runner starts it; shellcheck knows that `cd` needs no `|| exit` then.
const header = 'set -eo pipefail';

/**
 * Runs shellcheck over the scripts of all jobs at once; undefined where it is not installed. Variables may be set
 * anywhere, so that SC2154 (not assigned) says nothing.
 */
export async function checkScripts(
  context: Context,
  config: FlatConfig,
  temporary: string,
): Promise<readonly ShellIssue[] | undefined> {
  const folder = join(temporary, 'scripts');
  await context.fs.mkdir(folder, { recursive: true });
  const scripts = jobsOf(config).flatMap(([job, value]) => {
    const text = [header, ...scriptOf(config, value)].join('\n');
    return text === header ? [] : [{ job, text }];
  });
  if (scripts.length === 0) return [];
  for (const [index, { text }] of scripts.entries()) {
    await context.fs.writeFile(join(folder, String(index)), `${text}\n`);
  }
  const comments = await runShellcheck(context, folder, scripts.length);
  return comments?.map((comment) => {
    const script = scripts[Number(comment.file)];
    return {
      job: script?.job ?? '',
      severity: comment.level === 'error' ? 'error' : 'warning',
      rule: `SC${comment.code}`,
      line: script?.text.split('\n')[comment.line - 1]?.trim() ?? '',
      message: comment.message,
    };
  });
}

async function runShellcheck(
  context: Context,
  folder: string,
  count: number,
): Promise<readonly Comment[] | undefined> {
  const options = ['--norc', '--format=json1', '--shell=bash', '--exclude=SC2154', '--severity=warning'];
  const files = Array.from({ length: count }, (_, index) => String(index));
  try {
    const env = { PATH: context.env.PATH ?? '', LC_ALL: 'C.UTF-8' };
    const ran = await context.exec('shellcheck', [...options, ...files], { cwd: folder, env });
    return (JSON.parse(ran.stdout) as { comments: Comment[] }).comments;
  } catch (error) {
    if (error instanceof Failure && error.code === processErrors.PROGRAM_MISSING.code) return undefined;
    throw error;
  }
}
