import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { fileErrors } from '../kernel/errors.ts';
import { type Download, downloadToFile, type FileFacts, transferTimeouts } from './download.ts';
import { errors } from './errors.ts';
import { path } from './path.ts';
import { json } from './read-body.ts';
import type { ApiPath, GitLab, Timeouts } from './types.ts';

/** One file of a generic package (docs.gitlab.com/user/packages/generic_packages). */
export interface PackageFile {
  /** Number or full path. */
  readonly project: string | number;
  readonly name: string;
  readonly version: string;
  readonly fileName: string;
}

function pathOf({ project, name, version, fileName }: PackageFile): ApiPath {
  return path`projects/${project}/packages/generic/${name}/${version}/${fileName}`;
}

export interface Upload {
  /** A file, relative to the working directory, or the bytes themselves. */
  readonly source: { readonly file: string } | { readonly bytes: Uint8Array };
  /** Expected digest of the source, 64 hexadecimal digits; without, it is what was sent. */
  readonly sha256?: string | undefined;
  /** Keeps the package out of the list people see. */
  readonly hidden?: boolean;
  readonly timeouts?: Partial<Timeouts>;
}

/**
 * Puts a file into a generic package, raw and streamed. Tokens: job token of the project, or `api`; role Developer; Free.
 * Uploads of one name pile up in the package and the last wins, so a repeated one does no harm; files of one version go
 * one after the other. Throws GITLAB_DIGEST where GitLab got other bytes, FILE_UNREADABLE, and what requests throw.
 */
export async function uploadPackageFile(
  context: Pick<Context, 'cwd' | 'fs'>,
  gitlab: GitLab,
  target: PackageFile,
  { source, hidden = false, timeouts, ...upload }: Upload,
): Promise<FileFacts> {
  const content = await openSource(context, source);
  const { data: received } = await gitlab.request({
    method: 'PUT',
    path: pathOf(target),
    query: { select: 'package_file', status: hidden ? 'hidden' : 'default' },
    body: { open: content.open, length: content.length },
    read: json(shapeOfFile),
    timeouts: { ...transferTimeouts, ...timeouts },
  });
  const sent = content.sha256();
  for (const expected of [sent, upload.sha256?.toLowerCase() ?? sent]) {
    if (received !== expected) throw errors.DIGEST({ file: target.fileName, expected, got: received });
  }
  return { bytes: content.length, sha256: sent };
}

/**
 * Gets a file of a generic package as `downloadToFile` does, the last one uploaded under its name. Tokens: job token,
 * or `read_api`; role Reporter in a private project; Free.
 */
export function downloadPackageFile(
  context: Pick<Context, 'cwd' | 'fs'>,
  gitlab: GitLab,
  source: PackageFile,
  target: Omit<Download, 'path' | 'query'>,
): Promise<FileFacts> {
  return downloadToFile(context, gitlab, { ...target, path: pathOf(source) });
}

/** GitLab's own digest of what it stored. */
function shapeOfFile(data: unknown): string {
  const digest = (data as { readonly file_sha256?: unknown } | undefined)?.file_sha256;
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/i.test(digest)) {
    throw new TypeError('expected a package file with file_sha256');
  }
  return digest.toLowerCase();
}

interface Content {
  readonly length: number;
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Of what the last attempt sent. */
  readonly sha256: () => string;
}

async function openSource(context: Pick<Context, 'cwd' | 'fs'>, source: Upload['source']): Promise<Content> {
  if ('bytes' in source) return hashed(source.bytes.byteLength, () => [source.bytes]);
  const path = resolve(context.cwd, source.file);
  const unreadable = (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    return fileErrors.UNREADABLE({ file: source.file, reason }, error);
  };
  const { size } = await statFile(context, path).catch((error: unknown) => {
    throw unreadable(error);
  });
  return hashed(size, async function* () {
    try {
      yield* piecesOf(context, path, size);
    } catch (error) {
      throw unreadable(error);
    }
  });
}

async function statFile(context: Pick<Context, 'fs'>, path: string): Promise<{ readonly size: number }> {
  const stats = await context.fs.stat(path);
  if (!stats.isFile()) throw new Error('it is no regular file');
  return stats;
}

function hashed(length: number, pieces: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Content {
  let hash = createHash('sha256');
  const open = async function* () {
    const mine = createHash('sha256');
    hash = mine;
    for await (const piece of pieces()) {
      mine.update(piece);
      yield piece;
    }
  };
  return { length, open, sha256: () => hash.copy().digest('hex') };
}

const pieceBytes = 256 * 1024;

async function* piecesOf(
  context: Pick<Context, 'fs'>,
  path: string,
  size: number,
): AsyncGenerator<Uint8Array> {
  const handle = await context.fs.open(path, 'r');
  try {
    for (let sent = 0; sent < size; ) {
      const most = Math.min(pieceBytes, size - sent);
      const { bytesRead, buffer } = await handle.read(new Uint8Array(most), 0, most, null);
      if (bytesRead === 0) throw new Error('it became shorter while it was read');
      sent += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
