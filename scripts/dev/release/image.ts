// A registry has a dot or a port: without one, container engines read the first part as a path on Docker Hub.
const reference = /^(?<registry>[^/]+)\/(?<path>[^:@]+):(?<tag>[^:@]+)@(?<digest>.+)$/;
const registryForm = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?|[a-z0-9-]+:\d+)$/;
const pathForm = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

/** Says why a text is not the full reference of this version's image; undefined where it is. */
export function findImageMistake(image: string, version: string | undefined): string | undefined {
  const parts = reference.exec(image)?.groups;
  if (parts === undefined) return 'expected <registry>/<path>:<version>@sha256:<64 hex digits>';
  const { registry = '', path = '', tag = '', digest = '' } = parts;
  if (!registryForm.test(registry)) return `"${registry}" is no registry host`;
  if (!pathForm.test(path)) return `"${path}" is no image path`;
  if (version !== undefined && tag !== version) return `its tag is ${tag}, and package.json says ${version}`;
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) return `"${digest}" is no sha256 digest`;
  return undefined;
}
