import { createHash, randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { fileErrors } from '../kernel/errors.ts';
import { Failure } from '../kernel/failure.ts';
import { AttemptFailed } from './attempt-failed.ts';
import { errors } from './errors.ts';
import type { AnswerBody, ApiPath, GitLab, Query, Timeouts } from './types.ts';

/** For requests that carry whole files. */
export const transferTimeouts: Timeouts = { attempt: 600_000, total: 1_800_000 };

export interface Download {
  readonly path: ApiPath;
  readonly query?: Query;
  /** Where the file goes, relative to the working directory. */
  readonly file: string;
  /** A longer answer is refused. */
  readonly maxBytes: number;
  /** 64 hexadecimal digits; another content is refused. */
  readonly sha256?: string | undefined;
  readonly timeouts?: Partial<Timeouts>;
}

export interface FileFacts {
  readonly bytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Streams an answer into a file, which appears under its name only when it is whole and what was expected; a file of
 * that name is replaced. A broken download begins anew. Throws GITLAB_DIGEST, GITLAB_TOO_LARGE, FILE_UNWRITABLE and what
 * requests throw, with nothing left behind.
 */
export async function downloadToFile(
  context: Pick<Context, 'cwd' | 'fs'>,
  gitlab: GitLab,
  { path, query, timeouts, ...target }: Download,
): Promise<FileFacts> {
  const response = await gitlab.request({
    method: 'GET',
    path,
    query,
    timeouts: { ...transferTimeouts, ...timeouts },
    // Whatever the file holds is the answer, JSON too.
    headers: { accept: '*/*' },
    read: (body) => writeWhole(context, body, { ...target, request: `GET ${path}` }),
  });
  return response.data;
}

interface Target extends Pick<Download, 'file' | 'maxBytes' | 'sha256'> {
  readonly request: string;
}

async function writeWhole(
  context: Pick<Context, 'cwd' | 'fs'>,
  body: AnswerBody,
  target: Target,
): Promise<FileFacts> {
  const { file } = target;
  const path = resolve(context.cwd, file);
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    await context.fs.mkdir(dirname(path), { recursive: true });
    const facts = await writeNew(context, temporary, body, target);
    if (target.sha256 !== undefined && target.sha256.toLowerCase() !== facts.sha256) {
      const failure = errors.DIGEST({ file, expected: target.sha256, got: facts.sha256 });
      // A proxy's page or half a file that ends well: another attempt may bring the right one.
      throw new AttemptFailed(failure, { done: 'maybe', again: true });
    }
    await context.fs.rename(temporary, path);
    return facts;
  } catch (error) {
    await context.fs.rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof Failure || error instanceof AttemptFailed) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw fileErrors.UNWRITABLE({ file, reason }, error);
  }
}

async function writeNew(
  context: Pick<Context, 'fs'>,
  temporary: string,
  body: AnswerBody,
  { request, maxBytes }: Target,
): Promise<FileFacts> {
  const handle = await context.fs.open(temporary, 'wx');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of body.bytes) {
      bytes += piece.byteLength;
      if (bytes > maxBytes) throw errors.TOO_LARGE({ request, limit: maxBytes });
      hash.update(piece);
      await handle.appendFile(piece);
    }
    await handle.sync();
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}
