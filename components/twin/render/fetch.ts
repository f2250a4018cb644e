import { renderFindings } from './findings.ts';
import type { Wanted } from './include-entry.ts';
import { checkExtension } from './include-entry.ts';
import type { Mapping } from './merge.ts';
import type { Mistake } from './report.ts';
import type { RenderRequest } from './types.ts';
import { isVersionQuery } from './versions.ts';

/** Project and commit that local paths are relative to, and the component that they belong to. */
export interface Home {
  readonly project: string;
  readonly sha: string;
  readonly component: Mapping;
}

export interface Fetched extends Home {
  readonly path: string;
  readonly text: string;
}

export type FetchResult =
  | { readonly ok: true; readonly file: Fetched }
  | { readonly ok: false; readonly mistake: Mistake };

type Server = Pick<RenderRequest, 'files' | 'serverFqdn' | 'serverAliases'>;

/** Reads one included file; says in GitLab's words why it cannot. */
export async function fetchFile(server: Server, home: Home, wanted: Wanted): Promise<FetchResult> {
  if (wanted.type === 'component') return fetchComponent(server, wanted.location);
  const wrong = checkExtension(wanted.location);
  if (wrong) return { ok: false, mistake: wrong };
  if (wanted.type === 'local') {
    return fetchAt(server, home, wanted.location, `Local file \`${wanted.location}\``);
  }
  const { project, ref } = wanted;
  const found = await server.files.resolve(project, ref);
  if (found === undefined) {
    const known = ref !== 'HEAD' && (await server.files.resolve(project, 'HEAD')) !== undefined;
    const missing = `Project \`${project}\` not found or access denied! Make sure any includes in the pipeline configuration are correctly defined.`;
    const message = known ? `Project \`${project}\` reference \`${ref}\` does not exist!` : missing;
    return failed(renderFindings.PROJECT_MISSING, message);
  }
  const name = `Project \`${project}\` file \`${wanted.location}\``;
  return fetchAt(server, { project, sha: found.sha, component: {} }, wanted.location, name);
}

async function fetchAt(server: Server, home: Home, path: string, name: string): Promise<FetchResult> {
  const text = await server.files.read(home.project, home.sha, path);
  if (text === undefined) return failed(renderFindings.FILE_MISSING, `${name} does not exist!`);
  if (text.trim() === '') return failed(renderFindings.FILE_EMPTY, `${name} is empty!`);
  return { ok: true, file: { ...home, path, text } };
}

async function fetchComponent(server: Server, address: string): Promise<FetchResult> {
  const prefix = `Component '${address}' -`;
  const [location = '', reference] = splitOnce(address, '@');
  const hosts = [server.serverFqdn, ...(server.serverAliases ?? [])];
  const host = hosts.find((name) => location.startsWith(`${name}/`));
  if (reference === undefined || host === undefined) {
    return failed(renderFindings.COMPONENT_HOST, `${prefix} the component path is not supported`);
  }
  const full = location.slice(host.length + 1);
  const slash = full.lastIndexOf('/');
  const project = full.slice(0, Math.max(slash, 0));
  const name = full.slice(slash + 1);
  const resolved = project === '' ? undefined : await server.files.resolve(project, reference);
  if (resolved === undefined) {
    const known = project !== '' && (await server.files.resolve(project, 'HEAD')) !== undefined;
    return failed(renderFindings.COMPONENT_MISSING, `${prefix} ${missingVersion(reference, known)}`);
  }
  const { sha, version } = resolved;
  for (const path of [`templates/${name}.yml`, `templates/${name}/template.yml`]) {
    const text = await server.files.read(project, sha, path);
    if (text === undefined || text.trim() === '') continue;
    return { ok: true, file: { project, sha, path, text, component: { name, sha, version, reference } } };
  }
  return failed(renderFindings.COMPONENT_MISSING, `${prefix} content not found`);
}

function missingVersion(reference: string, projectExists: boolean): string {
  if (!projectExists || !isVersionQuery(reference)) return 'content not found';
  const form = reference === '~latest' ? '~latest version' : 'partial semantic version';
  const advice = 'Use a tag, branch, or commit SHA instead.';
  return `The ${form} reference is not supported for non-catalog resources. ${advice}`;
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function failed(code: Mistake['code'], message: string): FetchResult {
  return { ok: false, mistake: { code, message } };
}
