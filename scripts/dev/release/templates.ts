import type { Failure } from '../../../components/kernel/failure.ts';
import type { Components } from './compare.ts';
import { releaseErrors } from './errors.ts';
import { type Git, readAt, readLines } from './git.ts';
import { componentOf, type InputSpecs, parseInputSpecs } from './template.ts';

export interface TemplateFile {
  readonly component: string;
  readonly path: string;
  readonly text: string;
}

/** Reads every component's template from a commit. */
export async function readTemplatesAt(git: Git, commit: string): Promise<TemplateFile[]> {
  const paths = await readLines(
    git,
    'ls-tree',
    '--full-tree',
    '-r',
    '--name-only',
    commit,
    '--',
    'templates/',
  );
  const files: TemplateFile[] = [];
  for (const path of paths) {
    const component = componentOf(path);
    const text = component === undefined ? undefined : await readAt(git, commit, path);
    if (component !== undefined && text !== undefined) files.push({ component, path, text });
  }
  return files;
}

/** The inputs of each component; a template that cannot be read adds a failure under the name given by `where`. */
export function inputsOf(files: readonly TemplateFile[], where: string, failures: Failure[]): Components {
  const components = new Map<string, InputSpecs>();
  for (const { component, path, text } of files) {
    const parsed = parseInputSpecs(text);
    if (parsed.ok) components.set(component, parsed.value);
    else failures.push(releaseErrors.TEMPLATE_INVALID({ file: `${path}${where}`, reason: parsed.reason }));
  }
  return components;
}
