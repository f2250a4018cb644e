import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Twin } from '../ports.ts';

export interface Stored {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Writes an upload to the twin's folder as it comes; rejects, and leaves nothing, where it breaks off. */
export async function storeUpload(
  { context, world }: Twin,
  upload: AsyncIterable<Uint8Array>,
): Promise<Stored> {
  const { fs } = context;
  const folder = join(world.folder, 'packages');
  await fs.mkdir(folder, { recursive: true });
  // Names of files are strangers' words and so not of this folder.
  const path = join(folder, `${world.nextId('stored_package_file')}`);
  const hash = createHash('sha256');
  const file = await fs.open(path, 'wx');
  let size = 0;
  try {
    for await (const piece of upload) {
      hash.update(piece);
      size += piece.byteLength;
      await file.writeFile(piece);
    }
  } catch (error) {
    await fs.rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { path, size, sha256: hash.digest('hex') };
}

/** The bytes of a stored file; closes it when they are read. */
export async function readStored({ context }: Twin, path: string): Promise<Readable> {
  return (await context.fs.open(path, 'r')).createReadStream();
}
