import { onProject } from '../server/on-project.ts';
import { invalidParameter, notFound } from '../server/reply.ts';
import type { Access, OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import type { Package, PackageFile } from '../world/project.ts';
import { timeOf } from '../world/world.ts';
import { onCode } from './code.ts';
import { recordOf } from './find-in-call.ts';
import { sortedBy, textOf, wordOf } from './given.ts';
import { packageFileJson, packageJson } from './json/package.ts';
import { readStored, storeUpload } from './package-files.ts';

const read: Access = { role: 'anyone', jobToken: true };
const write: Access = { role: 'developer', jobToken: true };
const remove: Access = { role: 'maintainer', jobToken: true };
const generic = 'docs.gitlab.com/user/packages/generic_packages';
const packages = 'docs.gitlab.com/api/packages';
const genericPath = '/projects/:id/packages/generic/:package_name/:package_version/*file_name';

const upload: OwnSchema = {
  source: generic,
  query: {
    status: { enum: ['default', 'hidden'] },
    select: { enum: ['package_file'] },
  },
  body: 'raw',
};

export const packagesRoutes: readonly Route[] = [
  { method: 'PUT', path: genericPath, access: write, schema: upload, handle: onProject(uploadFile) },
  {
    method: 'GET',
    path: genericPath,
    access: read,
    schema: { source: generic },
    handle: onCode(downloadFile),
  },
  {
    method: 'GET',
    path: '/projects/:id/packages',
    access: read,
    handle: onCode(({ twin, project, query }) => {
      const found = filterPackages([...project.packages.values()], query);
      return { list: found.map((item) => packageJson(twin.world, project, item)) };
    }),
  },
  {
    method: 'GET',
    path: '/projects/:id/packages/:package_id',
    access: read,
    handle: onCode((call) => ({ json: packageJson(call.twin.world, call.project, packageOf(call)) })),
  },
  {
    method: 'DELETE',
    path: '/projects/:id/packages/:package_id',
    access: remove,
    handle: onProject(async (call) => {
      const found = packageOf(call);
      call.project.packages.delete(found.id);
      for (const file of found.files) await call.twin.context.fs.rm(file.stored, { force: true });
      return { status: 204 };
    }),
  },
  {
    method: 'GET',
    path: '/projects/:id/packages/:package_id/package_files',
    access: read,
    handle: onCode((call) => {
      const { id, files } = packageOf(call);
      const key =
        textOf(call.query.order_by) === 'file_name' ? byName : ({ id: number }: PackageFile) => number;
      const sorted = sortedBy(files, key, call.query.sort === 'desc' ? 'desc' : 'asc');
      return { list: sorted.map((file) => packageFileJson(id, file)) };
    }),
  },
  {
    method: 'DELETE',
    path: '/projects/:id/packages/:package_id/package_files/:package_file_id',
    access: remove,
    schema: { source: packages },
    handle: onProject(async (call) => {
      const found = packageOf(call);
      const at = found.files.findIndex(({ id }) => id === Number(call.params.package_file_id));
      const [file] = at < 0 ? [] : found.files.splice(at, 1);
      if (file === undefined) throw notFound();
      // A package does not outlive its last file.
      if (found.files.length === 0) call.project.packages.delete(found.id);
      await call.twin.context.fs.rm(file.stored, { force: true });
      return { status: 204 };
    }),
  },
];

const byName = ({ name }: PackageFile) => name;

/** What names may consist of. Source: docs.gitlab.com/user/packages/generic_packages, "Publish a single file" */
const forms = {
  package_name: /^[A-Za-z0-9._\-+~]+$/,
  package_version: /^(?!.*\.\.)[A-Za-z0-9.+\-_~]+$/,
  file_name: /^(?![~@])[A-Za-z0-9._\-+~@/]+(?<![~@])$/,
} as const;

interface Address {
  readonly name: string;
  readonly version: string;
  readonly file: string;
}

function addressOf({ params }: ProjectCall): Address {
  const part = (key: keyof typeof forms): string => {
    const value = params[key] ?? '';
    const isTraversal = value.split('/').some((word) => word === '..' || word === '.' || word === '');
    if (isTraversal || !forms[key].test(value)) throw invalidParameter(`${key} is invalid`);
    return value;
  };
  return { name: part('package_name'), version: part('package_version'), file: part('file_name') };
}

async function uploadFile(call: ProjectCall): Promise<Reply> {
  const { twin, project, query, request } = call;
  const { name, version, file } = addressOf(call);
  const { path, size, sha256 } = await storeUpload(twin, request);
  const createdAt = timeOf(twin.world);
  const status = wordOf(query.status, ['default', 'hidden']);
  const found = findPackage(call, name, version) ?? {
    ...{ id: twin.world.nextId('package'), name, version, status: 'default', createdAt, files: [] },
  };
  if (status !== undefined) found.status = status;
  const stored = { id: twin.world.nextId('package_file'), name: file, size, sha256, createdAt, stored: path };
  found.files.push(stored);
  project.packages.set(found.id, found);
  const json =
    query.select === 'package_file' ? packageFileJson(found.id, stored) : { message: '201 Created' };
  return { json, status: 201 };
}

async function downloadFile(call: ProjectCall): Promise<Reply> {
  const { name, version, file } = addressOf(call);
  const found = findPackage(call, name, version)?.files.findLast((candidate) => candidate.name === file);
  if (found === undefined) throw notFound();
  return {
    bytes: await readStored(call.twin, found.stored),
    type: 'application/octet-stream',
    headers: {
      'content-length': `${found.size}`,
      'content-disposition': `attachment; filename="${encodeURIComponent(file)}"`,
      'x-checksum-sha256': found.sha256,
    },
  };
}

function findPackage({ project }: ProjectCall, name: string, version: string): Package | undefined {
  return [...project.packages.values()].find((item) => item.name === name && item.version === version);
}

function packageOf(call: ProjectCall): Package {
  return recordOf(call, call.project.packages, 'package_id');
}

const orders: Readonly<Record<string, (item: Package) => string | number>> = {
  created_at: ({ createdAt }) => createdAt,
  name: ({ name }) => name,
  version: ({ version }) => version,
  type: () => 'generic',
};

/** Hidden ones show where they are asked for. */
function filterPackages(packagesIn: readonly Package[], query: ProjectCall['query']): Package[] {
  const { status, package_name, package_version, package_type, order_by, sort } = query;
  const name = textOf(package_name) ?? '';
  const found = packagesIn.filter(
    (item) =>
      item.status === (status ?? 'default') &&
      item.name.includes(name) &&
      (package_version === undefined || item.version === package_version) &&
      (package_type === undefined || package_type === 'generic'),
  );
  const key = orders[textOf(order_by) ?? ''] ?? (({ createdAt }: Package) => createdAt);
  return sortedBy(found, key, sort === 'desc' ? 'desc' : 'asc');
}
