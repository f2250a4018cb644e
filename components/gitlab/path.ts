import type { ApiPath } from './types.ts';

/**
 * A path below the API URL, each value percent-encoded: path`projects/${'group/project'}/merge_requests/${7}`. GitLab
 * takes an encoded path for an id, and slashes in refs encoded (docs.gitlab.com/api/rest/#path-parameters).
 */
export function path(texts: TemplateStringsArray, ...values: readonly (string | number)[]): ApiPath {
  const encoded = values.map((value) => encodeValue(String(value)));
  return texts.map((text, index) => text + (encoded[index] ?? '')).join('') as ApiPath;
}

/** A file's path whose slashes stay, as the routes want it that end in `*path`: each segment is encoded. */
export function pathWithSlashes(start: ApiPath, file: string): ApiPath {
  return `${start}/${file.split('/').map(encodeValue).join('/')}` as ApiPath;
}

// `.` and `..` are steps to a URL, encoded or not, and would lead to another endpoint; an empty value too.
function encodeValue(value: string): string {
  if (value === '' || value === '.' || value === '..') {
    throw new TypeError(`"${value}" cannot be a value in a path of the API`);
  }
  return encodeURIComponent(value);
}
