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
  /** Whether sessions run in it: it includes the component `run`. */
  readonly runs: boolean;
  /** Whether it includes files that are not looked into. */
  readonly includesOthers: boolean;
}

export type ParsedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problem: string };

/** Server, project and version: `$SERVER/acme/ci/apply@1.0.0`. */
const component = /^[^/\s]+\/(\S+)\/apply@[^\s@/]/;

/** Reads the configuration as it stands: included files are not followed. */
export function parseConfiguration(text: string): ParsedConfiguration {
  const parsed = parseYaml(text, 'gitlab');
  if (!parsed.ok) {
    const [{ line, column, message }] = parsed.problems;
    return { ok: false, problem: `${line}:${column}: ${message}` };
  }
  const header = parsed.documents.length > 1 ? parsed.documents[0] : undefined;
  const includes = [valueAt(parsed.documents.at(-1), ['include'])].flat().filter((one) => one !== undefined);
  const catalogOf = (one: unknown) => component.exec(textOf(valueAt(one, ['component'])))?.[1];
  const applies = includes.filter((one) => catalogOf(one) !== undefined);
  return {
    ok: true,
    configuration: {
      inputs: Object.keys(recordOf(valueAt(header, ['spec', 'inputs']))),
      catalogs: [...new Set(applies.map((one) => catalogOf(one) ?? ''))].filter(isProjectPath),
      applies: applies.map((one) => recordOf(valueAt(one, ['inputs']))),
      runs: includes.some((one) => /\/run@[^\s@/]/.test(textOf(valueAt(one, ['component'])))),
      includesOthers: includes.some((one) => valueAt(one, ['component']) === undefined),
    },
  };
}

/** Projects that the sweeps name; undefined where nothing sweeps, or one is no full path, such as a variable. */
export function sweptProjects({ applies }: Configuration): readonly string[] | undefined {
  if (applies.length === 0) return undefined;
  const words = applies.flatMap(({ sweep }) => textOf(sweep).split(/\s+/)).filter((word) => word !== '');
  return words.every(isProjectPath) ? [...new Set(words)] : undefined;
}

const numbers = ['project', 'merge-request', 'pipeline'] as const;

/** Numbers of a hand-off that the pipeline does not take, or that no include of `apply` is given. */
export function missingNumbers({ inputs, applies }: Configuration): readonly string[] {
  return numbers.filter((name) => {
    const passed = new RegExp(`^\\$\\[\\[ *inputs\\.${name} *\\]\\]$`);
    return !inputs.includes(name) || !applies.some((given) => passed.test(textOf(given[name])));
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
