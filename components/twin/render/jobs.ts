import { isDeepStrictEqual } from 'node:util';
import { renderFindings } from './findings.ts';
import { isMapping, type Mapping } from './merge.ts';
import type { Mistake } from './report.ts';

/** The include that a job comes from. */
export interface Origin {
  /** For people: `templates/validate.yml (.gitlab-ci.yml:3)`. */
  readonly name: string;
  /** Alike for two includes of one file with the same inputs, which give the same jobs. */
  readonly identity: unknown;
}

export type Jobs = ReadonlyMap<string, Origin>;

// Every other key on the top level is a job (doc/ci/yaml, "Global keywords" and "Deprecated keywords").
const globalKeywords = new Set([
  'after_script',
  'before_script',
  'cache',
  'default',
  'image',
  'include',
  'services',
  'spec',
  'stages',
  'types',
  'variables',
  'workflow',
]);

/** Names of the jobs of a configuration that run; hidden ones begin with a dot and are meant to be shared. */
export function jobNames(config: Mapping): readonly string[] {
  return Object.keys(config).filter(
    (name) => !name.startsWith('.') && !globalKeywords.has(name) && isMapping(config[name]),
  );
}

/** One warning for each pair of includes that define jobs of the same name, since GitLab merges those into one. */
export function jobsDefinedTwice(before: Jobs, added: Jobs): readonly Mistake[] {
  const clashes = new Map<string, { first: Origin; second: Origin; names: string[] }>();
  for (const [name, second] of added) {
    const first = before.get(name);
    if (first === undefined || isDeepStrictEqual(first.identity, second.identity)) continue;
    const key = JSON.stringify([first.name, second.name]);
    const clash = clashes.get(key) ?? { first, second, names: [] };
    clash.names.push(name);
    clashes.set(key, clash);
  }
  return [...clashes.values()].map(({ first, second, names }) => {
    const jobs = names.map((name) => `\`${name}\``).join(', ');
    const message = `${first.name} and ${second.name} both define ${jobs}: GitLab merges them into one job without a word. Give one of the includes a different \`job-prefix\``;
    return { code: renderFindings.JOB_DEFINED_TWICE, message };
  });
}
