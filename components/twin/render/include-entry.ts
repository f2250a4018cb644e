import type { DataPath } from '../../kernel/place.ts';
import { renderFindings } from './findings.ts';
import { isMapping, type Mapping } from './merge.ts';
import type { Mistake } from './report.ts';
import { expandVariables } from './variables.ts';

/** One file that an `include` asks for. */
export type Wanted = { readonly inputs: unknown; readonly path: DataPath } & (
  | { readonly type: 'local'; readonly location: string }
  | { readonly type: 'component'; readonly location: string }
  | { readonly type: 'project'; readonly location: string; readonly project: string; readonly ref: string }
);

export type ReadEntry =
  | { readonly ok: true; readonly entry: Mapping }
  | { readonly ok: false; readonly mistake: Mistake };

const types = ['local', 'project', 'component', 'remote', 'template', 'artifact'] as const;
const keys = types.map((type) => `\`${type}\``).join(', ');

/** An entry in its long form: a text is a local file, or a remote one when it is a URL. */
export function readEntry(value: unknown, variables: Mapping): ReadEntry {
  if (typeof value === 'string') {
    const location = expand(value, variables);
    return {
      ok: true,
      entry: /^[a-z][a-z0-9+.-]*:\/\//i.test(location) ? { remote: location } : { local: location },
    };
  }
  if (isMapping(value)) return { ok: true, entry: value };
  return { ok: false, mistake: mistake('Each include must be a hash or a string') };
}

/** The files of one entry (`file:` may list several), with the variables of their locations expanded. */
export function filesOf(entry: Mapping, path: DataPath, variables: Mapping): readonly (Wanted | Mistake)[] {
  const given = types.filter(
    (type) => entry[type] !== undefined && entry[type] !== null && entry[type] !== '',
  );
  const [type, ...more] = given;
  const shown = JSON.stringify(entry);
  if (type === undefined) {
    return [mistake(`\`${shown}\` does not have a valid subkey for include. Valid subkeys are: ${keys}`)];
  }
  if (more.length > 0) return [mistake(`Each include must use only one of: ${keys}`)];
  const inputs = entry.inputs;
  const location = textOf(entry[type], variables);
  if (location === undefined)
    return [mistake(`Included file \`${JSON.stringify(entry[type])}\` needs to be a string`)];
  switch (type) {
    case 'local':
      return [{ type, location: withoutSlash(location), inputs, path }];
    case 'component':
      return [{ type, location, inputs, path }];
    case 'project':
      return projectFiles(entry, location, path, variables);
    case 'artifact':
      return [mistake('Including configs from artifacts is only allowed when triggering child pipelines')];
    default: {
      const message = `the ${type} file \`${location}\` cannot be included: the twin has no network and no templates of GitLab`;
      return [{ code: renderFindings.INCLUDE_OFFLINE, message }];
    }
  }
}

function projectFiles(
  entry: Mapping,
  project: string,
  path: DataPath,
  variables: Mapping,
): readonly (Wanted | Mistake)[] {
  const files: readonly unknown[] = Array.isArray(entry.file) ? entry.file : [entry.file];
  const ref = textOf(entry.ref ?? 'HEAD', variables);
  return files.map((file) => {
    const location = textOf(file, variables);
    if (location === undefined || ref === undefined) {
      return mistake(`Included file \`${location ?? JSON.stringify(file)}\` needs to be a string`);
    }
    const wanted = { location: withoutSlash(location), project: project.toLowerCase(), ref };
    return { type: 'project', ...wanted, inputs: entry.inputs, path };
  });
}

/** The mistake of a location that GitLab reads no YAML from. */
export function checkExtension(location: string): Mistake | undefined {
  if (/[^/]\.ya?ml$/i.test(location)) return undefined;
  return mistake(`Included file \`${location}\` does not have YAML extension!`);
}

function mistake(message: string): Mistake {
  return { code: renderFindings.INCLUDE_FORM, message };
}

function textOf(value: unknown, variables: Mapping): string | undefined {
  return typeof value === 'string' ? expand(value, variables) : undefined;
}

function expand(text: string, variables: Mapping): string {
  return expandVariables(text, (name) => (Object.hasOwn(variables, name) ? String(variables[name]) : ''));
}

function withoutSlash(path: string): string {
  return path.replace(/^\/+/, '');
}
