import type { Context } from '../kernel/context.ts';

/** Removes a folder that jobs wrote into, read-only folders too (Go's module cache has them). */
export async function removeFolder(context: Context, folder: string): Promise<void> {
  const remove = () => context.fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove();
  } catch {
    const env = { PATH: context.env.PATH ?? '/usr/bin:/bin' };
    await context.exec('chmod', ['-R', 'u+rwX', folder], { cwd: '/', env });
    await remove();
  }
}
