import { valueAt } from '../kernel/place.ts';
import { parseYaml } from '../kernel/yaml.ts';
import { isProjectPath } from './inputs.ts';

/** What of a trusted project's `.gitlab-ci.yml` matters to it. */
export interface Configuration {
  /** Numbers that its pipelines take. */
  readonly inputs: readonly string[];
  /** Projects by full path that the component `apply` comes from. */
  readonly catalogs: readonly string[];
  /** Inputs of each include of the component `apply`. */
  readonly applies: readonly Readonly<Record<string, unknown>>[];
  /** Levels of policy projects that any of them is given, each once. */
  readonly levels: readonly string[];
  /** Inputs of each include of the component `run`: sessions run in it where there are any. */
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
  /** Whether it includes files that are not looked into. */
  readonly includesOthers: boolean;
}

export type ParsedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problem: string };

/** Server, project, component and version: `$SERVER/acme/ci/apply@1.0.0`. */
const component = /^[^/\s]+\/([^\s@]+)\/([^/\s@]+)@([^\s@/][^\s@]*)$/;

/** A component that a configuration includes by itself. */
export interface IncludedComponent {
  /** Project it comes from, by full path or as a variable. */
  readonly catalog: string;
  /** Name of the component: `apply`. */
  readonly id: string;
  /** What stands after the `@`. */
  readonly version: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a configuration's text includes; files that it includes are not followed. */
export interface Includes {
  readonly components: readonly IncludedComponent[];
  /** Whether it includes files that are not looked into. */
  readonly includesOthers: boolean;
}

/** Of the last document of a configuration. */
export function includesOf(document: unknown): Includes {
  const entries = [valueAt(document, ['include'])].flat().filter((one) => one !== undefined);
  return {
    components: entries.flatMap((one) => {
      const [, catalog, id, version] = component.exec(textOf(valueAt(one, ['component']))) ?? [];
      if (catalog === undefined || id === undefined || version === undefined) return [];
      return [{ catalog, id, version, inputs: recordOf(valueAt(one, ['inputs'])) }];
    }),
    includesOthers: entries.some((one) => valueAt(one, ['component']) === undefined),
  };
}

/** Reads the configuration as it stands: included files are not followed. */
export function parseConfiguration(text: string): ParsedConfiguration {
  const parsed = parseYaml(text, 'gitlab');
  if (!parsed.ok) {
    const [{ line, column, message }] = parsed.problems;
    return { ok: false, problem: `${line}:${column}: ${message}` };
  }
  const header = parsed.documents.length > 1 ? parsed.documents[0] : undefined;
  const { components, includesOthers } = includesOf(parsed.documents.at(-1));
  const applies = components.filter(({ id }) => id === 'apply');
  return {
    ok: true,
    configuration: {
      inputs: Object.keys(recordOf(valueAt(header, ['spec', 'inputs']))),
      catalogs: [...new Set(applies.map(({ catalog }) => catalog))].filter(isProjectPath),
      applies: applies.map(({ inputs }) => inputs),
      levels: [...new Set(components.flatMap(({ inputs }) => wordsOf(inputs.levels)))],
      sessions: components.filter(({ id }) => id === 'run').map(({ inputs }) => inputs),
      includesOthers,
    },
  };
}

/** Projects that the sweeps name; undefined where nothing sweeps, or one is no full path, such as a variable. */
export function sweptProjects({ applies }: Configuration): readonly string[] | undefined {
  if (applies.length === 0) return undefined;
  const words = applies.flatMap(({ sweep }) => wordsOf(sweep));
  return words.every(isProjectPath) ? [...new Set(words)] : undefined;
}

/** How commits happen, as any include of `apply` says, and the forks that get them; each once, as it is written. */
export interface CommitWays {
  readonly modes: readonly string[];
  readonly forks: readonly string[];
}

export function commitWays({ applies }: Configuration): CommitWays {
  const modes = applies
    .map(({ commits }) => textOf(commits))
    .filter((mode) => mode !== '' && mode !== 'none');
  const forks = applies.flatMap((inputs) => wordsOf(inputs['bot-fork']));
  return { modes: [...new Set(modes)], forks: [...new Set(forks)] };
}

/** Tables of known causes that answer in sessions, by their paths in the project. */
export function playbooksOf({ sessions }: Configuration): readonly string[] {
  return [...new Set(sessions.map(({ playbook }) => textOf(playbook)).filter((path) => path !== ''))];
}

const numbers = ['project', 'merge-request', 'pipeline'] as const;

/** Numbers of a hand-off that the pipeline does not take, or that no include of `apply` is given. */
export function missingNumbers({ inputs, applies }: Configuration): readonly string[] {
  return numbers.filter((name) => {
    const passed = new RegExp(`^\\$\\[\\[ *inputs\\.${name} *\\]\\]$`);
    return !inputs.includes(name) || !applies.some((given) => passed.test(textOf(given[name])));
  });
}

function wordsOf(value: unknown): readonly string[] {
  return textOf(value)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
