import type { FindingCode } from '../../kernel/finding.ts';
import type { DataPath } from '../../kernel/place.ts';
import { locate, type YamlLocator } from '../../kernel/yaml-positions.ts';
import type { RenderProblem, RenderRequest } from './types.ts';

/** A mistake found by a pure part, before anyone says where. */
export interface Mistake {
  readonly code: FindingCode;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** A file that was read. */
export interface Source {
  readonly project: string;
  readonly sha: string;
  readonly path: string;
  readonly text: string;
  /** As GitLab names it in messages: the location of the include. */
  readonly label: string;
}

/** Where in a file. */
export interface Spot {
  readonly source: Source;
  readonly document?: number;
  readonly path?: DataPath;
  readonly target?: 'key' | 'value';
}

/** A mistake as GitLab tells it: behind the name of the file. */
export function labelled<M extends Mistake>(source: Source, mistake: M): M {
  return { ...mistake, message: `\`${source.label}\`: ${mistake.message}` };
}

export interface Report {
  readonly add: (mistake: Mistake, spot: Spot) => void;
  readonly addAt: (mistake: Mistake, source: Source, line: number, column: number) => void;
  /** In the order found, without repetitions. */
  readonly problems: () => readonly RenderProblem[];
}

/** Collects problems; values of masked variables never get into their messages. */
export function createReport(request: RenderRequest): Report {
  const problems = new Map<string, RenderProblem>();
  const locators = new Map<string, YamlLocator>();
  const secrets = (request.maskedVariables ?? []).map((name) => request.variables[name] ?? '');
  const masked = (text: string) =>
    secrets.reduce((shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '[MASKED]')), text);

  const keep = (mistake: Mistake, source: Source, place: { line: number; column: number } | undefined) => {
    const problem: RenderProblem = {
      code: mistake.code.code,
      severity: mistake.code.severity,
      message: masked(mistake.message),
      project: source.project,
      file: source.path,
      ...place,
      ...(mistake.suggestion === undefined ? {} : { suggestion: masked(mistake.suggestion) }),
    };
    problems.set(JSON.stringify(problem), problem);
  };

  return {
    add: (mistake, { source, document = 0, path, target }) => {
      if (path === undefined) return keep(mistake, source, undefined);
      const key = JSON.stringify([source.project, source.sha, source.path]);
      const locator = locators.get(key) ?? locate(source.text, 'gitlab');
      locators.set(key, locator);
      keep(mistake, source, locator(document, path, target));
    },
    addAt: (mistake, source, line, column) => keep(mistake, source, { line, column }),
    problems: () => [...problems.values()],
  };
}
