import { join } from 'node:path';
import type { Context, FileSystem } from '../kernel/context.ts';

/**
 * Removes a folder that jobs wrote into, read-only folders too (Go's module cache has them). It starts no program, since
 * a cancelled command, which starts none, removes its folders all the same.
 */
export async function removeFolder({ fs }: Pick<Context, 'fs'>, folder: string): Promise<void> {
  const remove = () => fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove();
  } catch {
    await makeWritable(fs, folder);
    await remove();
  }
}

async function makeWritable(fs: FileSystem, folder: string): Promise<void> {
  await fs.chmod(folder, 0o700);
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(fs, join(folder, entry.name));
  }
}
