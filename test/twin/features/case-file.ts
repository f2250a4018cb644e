import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import type { TwinProject, TwinUser } from '../../../components/twin/setup/twin-file.gen.ts';
import type { Tier } from '../../../components/twin/world/world.ts';
import { caseSchema } from './case-schema.ts';
import type { Expected } from './expected.ts';
import type { Step } from './step.ts';

/** What `case.yml` of a case directory says; beside it lie the files of the project `acme/app`. */
export interface Case {
  /** Name of its directory. */
  readonly name: string;
  readonly about: string;
  /** The page of GitLab's documentation that says so. */
  readonly source: string;
  readonly tier?: Tier;
  readonly version?: string;
  readonly users?: Readonly<Record<string, TwinUser>>;
  /**
   * What is set of `acme/app` (its repository holds the case directory) and of further projects (theirs hold
   * `projects/<last part of the path>/`).
   */
  readonly projects?: Readonly<Record<string, Omit<TwinProject, 'folder'>>>;
  /** What happens, in this order; a push to main where it is not said. */
  readonly do?: readonly Step[];
  readonly expect: Expected;
  /** Whether gitlab-ci-local implements the feature, or why it cannot be asked. */
  readonly peer: true | string;
}

export const mainProject = 'acme/app';
export const casesFolder = join(import.meta.dirname, 'cases');

export function caseNames(): readonly string[] {
  return readdirSync(casesFolder).toSorted();
}

/** @throws an error that names every mistake of the case */
export function readCase(name: string): Case {
  return parseCase(name, readFileSync(join(casesFolder, name, 'case.yml'), 'utf8'));
}

export function parseCase(name: string, text: string): Case {
  const data = load(text);
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true });
  if (!ajv.validate(caseSchema, data)) {
    const mistakes = (ajv.errors ?? []).map(({ instancePath, message, params }) => {
      return `${instancePath} ${message} ${JSON.stringify(params)}`;
    });
    throw new Error(`case ${name}:\n${mistakes.join('\n')}`);
  }
  return { ...(data as Omit<Case, 'name'>), name };
}

/** Files of the repository of a project of a case, by path. */
export function filesOf({ name }: Case, project: string): Readonly<Record<string, string>> {
  const own = join(casesFolder, name);
  const folder = project === mainProject ? own : join(own, 'projects', project.split('/').at(-1) ?? '');
  if (!existsSync(folder)) return {};
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => {
    if (project === mainProject && /^(case\.yml$|projects\/)/.test(path)) return false;
    return statSync(join(folder, path)).isFile();
  });
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
