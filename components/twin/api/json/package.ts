import type { Package, PackageFile, Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';

/** Source: docs.gitlab.com/api/packages */
export function packageJson(
  world: World,
  project: Project,
  found: Package,
): Readonly<Record<string, unknown>> {
  const { id, name, version, status, createdAt } = found;
  const path = `/${project.path}/-/packages/${id}`;
  return {
    ...{ id, name, version, package_type: 'generic', status, created_at: createdAt },
    _links: {
      web_path: new URL(`${world.url}${path}`).pathname,
      delete_api_path: `${world.url}/api/v4/projects/${project.id}/packages/${id}`,
    },
    ...{ last_downloaded_at: null, project_id: project.id, project_path: project.path, tags: [] },
  };
}

/** Source: docs.gitlab.com/api/packages, "List package files" */
export function packageFileJson(packageId: number, file: PackageFile): Readonly<Record<string, unknown>> {
  const { id, name, size, sha256, createdAt } = file;
  return {
    ...{ id, package_id: packageId, created_at: createdAt, file_name: name, size },
    ...{ file_md5: null, file_sha1: null, file_sha256: sha256 },
  };
}
