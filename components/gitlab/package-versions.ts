import { join } from 'node:path';
import type { Context } from '../kernel/context.ts';
import {
  downloadPackage,
  listPackageFiles,
  listPackages,
  uploadPackage,
} from './endpoints/generic-packages.ts';
import type { GitLab } from './types.ts';

interface VersionFile {
  readonly name: string;
  readonly size: number;
  /** GitLab's own digest: what is downloaded is held to it. */
  readonly sha256: string | undefined;
}

/** The files of one generic package of a project, version by version, hidden from its list of packages. */
export interface PackageVersions {
  readonly versions: () => Promise<readonly string[]>;
  /** In the order GitLab took them; none where there is no such version, or none is shown yet. */
  readonly list: (version: string) => Promise<readonly VersionFile[]>;
  readonly put: (version: string, file: string, bytes: Uint8Array) => Promise<void>;
  readonly get: (version: string, file: VersionFile) => Promise<Uint8Array>;
}

/** Bytes. */
const spare = 1024 * 1024;

export function packageVersions(
  context: Pick<Context, 'cwd' | 'env' | 'fs'>,
  gitlab: GitLab,
  { project, name }: { readonly project: number; readonly name: string },
): PackageVersions {
  const ids = new Map<string, number>();
  const idOf = async (version: string): Promise<number | undefined> => {
    const known = ids.get(version);
    if (known !== undefined) return known;
    // GitLab searches for a part of the name.
    for await (const found of listPackages(gitlab, { project, name, version, status: 'hidden' })) {
      if (found.name === name && found.version === version) ids.set(version, found.id);
    }
    return ids.get(version);
  };
  return {
    versions: async () => {
      const all = await Array.fromAsync(listPackages(gitlab, { project, name, status: 'hidden' }));
      return all.flatMap((found) => (found.name === name ? [found.version] : []));
    },
    list: async (version) => {
      const id = await idOf(version);
      if (id === undefined) return [];
      const files = await Array.fromAsync(listPackageFiles(gitlab, { project, package: id }));
      return files
        .toSorted((a, b) => a.id - b.id)
        .map(({ fileName, size, fileSha256: sha256 }) => ({ name: fileName, size, sha256 }));
    },
    put: async (version, fileName, bytes) => {
      const upload = { source: { bytes }, hidden: true };
      await uploadPackage(gitlab, context, { project, name, version, fileName }, upload);
    },
    get: async (version, { name: fileName, size, sha256 }) => {
      const folder = await context.fs.mkdtemp(join(context.env.TMPDIR ?? '/tmp', 'pipewright-package-'));
      const file = join(folder, 'file');
      try {
        // A proxy's page in its place is read to its end, and asked again.
        const target = { file, maxBytes: size + spare, sha256 };
        await downloadPackage(gitlab, context, { project, name, version, fileName }, target);
        return await context.fs.readFile(file);
      } finally {
        await context.fs.rm(folder, { recursive: true, force: true });
      }
    },
  };
}
