import { resolve } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import type { SetupIssue } from './check-names.ts';
import type { TwinFile } from './twin-file.gen.ts';

/** Whether what a twin file takes repositories from is there. @param base - folder that the file's paths start from */
export async function checkFolders(context: Context, file: TwinFile, base: string): Promise<SetupIssue[]> {
  const issues: SetupIssue[] = [];
  for (const [name, { folder }] of Object.entries(file.projects ?? {})) {
    if (folder === undefined || (await isFolder(context, resolve(base, folder)))) continue;
    issues.push({ path: ['projects', name, 'folder'], message: 'there is no such folder', got: folder });
  }
  return issues;
}

export async function isFolder({ fs }: Pick<Context, 'fs'>, path: string): Promise<boolean> {
  const stats = await fs.stat(path).catch(() => undefined);
  return stats?.isDirectory() ?? false;
}
