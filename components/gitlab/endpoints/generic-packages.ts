import type { Context } from '../../kernel/context.ts';
import { downloadPackageFile, type PackageFile, type Upload, uploadPackageFile } from '../packages.ts';
import { json } from '../read-body.ts';
import type { Target } from './artifacts.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { integer, list, optional, record, text } from './shape.ts';

const common = {
  jobToken: true,
  tier: 'free',
  since: floor,
  role: 'reporter',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/packages',
} as const;
const generic = 'docs.gitlab.com/user/packages/generic_packages';
const file = '/projects/:project/packages/generic/:name/:version/:fileName';
const one = '/projects/:project/packages/:package';

type Io = Pick<Context, 'cwd' | 'fs'>;

export interface OfPackage extends OfProject {
  readonly package: number;
}

export interface Package {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly packageType: string;
  readonly status: string;
}

const packageShape = record<Package>({
  ...{ id: integer, name: text, version: text, packageType: text, status: text },
});

export interface StoredFile {
  readonly id: number;
  readonly fileName: string;
  readonly size: number;
  /** Lower-case hexadecimal digits. */
  readonly fileSha256: string | undefined;
}

const storedFileShape = record<StoredFile>({
  ...{ id: integer, fileName: text, size: integer, fileSha256: optional(text) },
});

/** Streams a file into a package and compares GitLab's digest with our own. */
export const uploadPackage = defineEndpoint(
  {
    ...{ ...common, about: 'Put a file into a generic package', method: 'PUT', path: file },
    ...{ role: 'developer', scope: 'api', source: generic },
  },
  (call, context: Io, input: PackageFile, upload: Upload) =>
    uploadPackageFile(context, call.gitlab, input, upload),
);

/** The last file uploaded under this name. */
export const downloadPackage = defineEndpoint(
  { ...common, about: 'Download a file of a generic package', method: 'GET', path: file, source: generic },
  (call, context: Io, input: PackageFile, target: Target) =>
    downloadPackageFile(context, call.gitlab, input, target),
);

/** Hidden ones only with `status: 'hidden'`; GitLab searches a part of the name. */
export const listPackages = defineEndpoint(
  { ...common, about: 'List packages', method: 'GET', path: '/projects/:project/packages' },
  (
    call,
    input: OfProject & {
      readonly name?: string;
      readonly version?: string;
      readonly status?: 'default' | 'hidden';
    },
  ) =>
    call.list(input, json(list(packageShape)), {
      ...{ package_type: 'generic', package_name: input.name, package_version: input.version },
      status: input.status,
    }),
);

export const listPackageFiles = defineEndpoint(
  { ...common, about: 'List the files of a package', method: 'GET', path: `${one}/package_files` },
  (call, input: OfPackage) => call.list(input, json(list(storedFileShape))),
);

export const deletePackage = defineEndpoint(
  {
    ...{ ...common, about: 'Delete a package with its files', method: 'DELETE', path: one },
    ...{ role: 'maintainer', scope: 'api' },
  },
  (call, input: OfPackage) => call.remove(input),
);
