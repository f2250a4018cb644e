import type { DataPath } from '../../kernel/place.ts';
import { type Given, readContent } from './content.ts';
import { type Fetched, fetchFile, type Home } from './fetch.ts';
import { renderFindings } from './findings.ts';
import { filesOf, readEntry, type Wanted } from './include-entry.ts';
import { evaluateIncludeRules } from './include-rules.ts';
import { type Jobs, jobNames, jobsDefinedTwice, type Origin } from './jobs.ts';
import { deepMerge, isMapping, type Mapping, without } from './merge.ts';
import type { Mistake, Report, Source } from './report.ts';
import type { RenderedInclude, RenderRequest } from './types.ts';
import { filesMatching } from './wildcard.ts';

const maxIncludes = 150;

/** One rendering: what all its files share. */
export interface Run {
  readonly request: RenderRequest;
  readonly report: Report;
  readonly includes: RenderedInclude[];
  /** Included files met so far, also those that could not be read. */
  count: number;
}

export interface Loaded {
  readonly config: Mapping;
  readonly jobs: Jobs;
}

/** Reads a file and all it includes, one level merged over the other: a later include wins, the file itself wins. */
export async function loadFile(
  run: Run,
  file: Fetched,
  label: string,
  given: Pick<Given, 'inputs' | 'spot'>,
  origin: Origin | undefined,
): Promise<Loaded | undefined> {
  const { project, sha, path, text, component } = file;
  const source: Source = { project, sha, path, text, label };
  const { variables, maskedVariables = [] } = run.request;
  const masked = new Set(maskedVariables);
  const content = readContent(
    source,
    { ...given, component, variables, maskedVariables: masked },
    run.report,
  );
  if (content === undefined) return undefined;
  const { config: own, document } = content;
  const included = await loadIncludes(run, { home: file, source, document }, own.include);
  const config = without(deepMerge(included.config, own), 'include');
  const jobs = new Map(included.jobs);
  // The project's own file (without origin) may change a job of a component: that is what it is for.
  for (const name of jobNames(own)) {
    if (origin) jobs.set(name, origin);
    else jobs.delete(name);
  }
  return { config, jobs };
}

/** The file whose `include` is followed. */
interface Includer {
  readonly home: Home;
  readonly source: Source;
  /** The document `include` stands in. */
  readonly document: number;
}

async function loadIncludes(run: Run, includer: Includer, include: unknown): Promise<Loaded> {
  const { home, source, document } = includer;
  let config: Mapping = {};
  let jobs: Jobs = new Map();
  const add = (mistake: Mistake, path: DataPath) => run.report.add(mistake, { source, document, path });
  for (const { path, value } of entriesOf(include)) {
    const wanted = await selectFiles(run, home, value, path, add);
    for (const one of wanted) {
      run.count += 1;
      if (run.count > maxIncludes) {
        const message = `Maximum of ${maxIncludes} nested includes are allowed!`;
        if (run.count === maxIncludes + 1) add({ code: renderFindings.TOO_MANY_INCLUDES, message }, path);
        return { config, jobs };
      }
      const loaded = await loadIncluded(run, includer, one);
      if (loaded === undefined) continue;
      for (const mistake of jobsDefinedTwice(jobs, loaded.jobs)) add(mistake, path);
      config = deepMerge(config, loaded.config);
      jobs = new Map([...jobs, ...loaded.jobs]);
    }
  }
  return { config, jobs };
}

function entriesOf(include: unknown): readonly { readonly path: DataPath; readonly value: unknown }[] {
  if (include === undefined || include === null) return [];
  if (!Array.isArray(include)) return [{ path: ['include'], value: include }];
  const entries = include.map((value: unknown, index) => ({ path: ['include', index], value }));
  return entries.filter(({ value }) => value !== null);
}

/** The files that one entry stands for: rules first, then wildcards, then variables, in GitLab's order. */
async function selectFiles(
  run: Run,
  home: Home,
  value: unknown,
  path: DataPath,
  add: (mistake: Mistake, path: DataPath) => void,
): Promise<readonly Wanted[]> {
  const { files, variables } = run.request;
  const read = readEntry(value, variables);
  if (!read.ok) {
    add(read.mistake, path);
    return [];
  }
  const { included, mistakes } = await evaluateIncludeRules(read.entry.rules, {
    variables,
    exists: async (file) => (await files.read(home.project, home.sha, file)) !== undefined,
  });
  for (const mistake of mistakes) add(mistake, [...path, ...mistake.path]);
  if (!included) return [];
  const selected: Wanted[] = [];
  for (const entry of await expandWildcard(run, home, read.entry)) {
    for (const found of filesOf(entry, path, variables)) {
      if ('code' in found) add(found, path);
      else selected.push(found);
    }
  }
  return selected;
}

async function expandWildcard(run: Run, home: Home, entry: Mapping): Promise<readonly Mapping[]> {
  const { local } = entry as { readonly local?: unknown };
  if (typeof local !== 'string' || !local.includes('*')) return [entry];
  const paths = await run.request.files.list(home.project, home.sha);
  return filesMatching(local.replace(/^\/+/, ''), paths).map((path) => ({ ...entry, local: path }));
}

async function loadIncluded(run: Run, includer: Includer, wanted: Wanted): Promise<Loaded | undefined> {
  const { home, source, document } = includer;
  const spot = { source, document, path: wanted.path };
  const result = await fetchFile(run.request, home, wanted);
  if (!result.ok) {
    run.report.add(result.mistake, spot);
    return undefined;
  }
  const { project, sha, path } = result.file;
  const { type, location, inputs } = wanted;
  run.includes.push({
    type,
    location,
    project,
    sha,
    path,
    from: { project: source.project, path: source.path },
  });
  const given = {
    inputs,
    spot: { ...spot, path: isMapping(inputs) ? [...wanted.path, 'inputs'] : wanted.path },
  };
  const where = `include ${String(Number(wanted.path[1] ?? 0) + 1)} of ${source.path}`;
  const origin = { name: `\`${location}\` (${where})`, identity: [project, sha, path, inputs] };
  const before = run.report.problems().length;
  const loaded = await loadFile(run, result.file, location, given, origin);
  if (loaded !== undefined && Object.keys(loaded.config).length > 0) return loaded;
  if (run.report.problems().length === before) {
    const message = `Included file \`${location}\` does not have valid YAML syntax!`;
    run.report.add({ code: renderFindings.FILE_EMPTY, message }, spot);
  }
  return undefined;
}
