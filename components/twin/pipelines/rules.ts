import { isMapping, listOf, type Mapping } from '../config.ts';
import type { Repositories } from '../ports.ts';
import { parseExpression } from '../render/expression.ts';
import type { Project } from '../world/project.ts';
import { expandText } from './expansion.ts';
import { matchesAny } from './fnmatch.ts';

/** Something with `rules`: a job, or the workflow. */
export interface Ruled {
  readonly rules: readonly Mapping[];
  /** Expanded. */
  readonly variables: ReadonlyMap<string, string>;
}

export interface RulesPlace {
  readonly repositories: Repositories;
  readonly project: Project;
  readonly sha: string;
  /** Commit `rules:changes` compares with; undefined: everything counts as changed. */
  readonly compared: string | undefined;
}

export type Evaluated =
  /** For each the number of its first fitting rule; undefined: none fits. */
  | { readonly ok: true; readonly rules: readonly (number | undefined)[] }
  | { readonly ok: false; readonly message: string };

/** Reads `rules:`, of which anything but mappings is dropped. */
export function readRules(rules: unknown): readonly Mapping[] | undefined {
  return Array.isArray(rules) ? rules.filter(isMapping) : undefined;
}

/** Finds the rule that decides for each of them: the first of which every condition holds. @throws TWIN_GIT */
export async function evaluateRules(place: RulesPlace, ruled: readonly Ruled[]): Promise<Evaluated> {
  const commit = openCommit(place);
  const fitting: (number | undefined)[] = [];
  for (const { rules, variables } of ruled) {
    const found = await firstFitting(commit, rules, variables);
    if (!found.ok) return found;
    fitting.push(found.index);
  }
  return { ok: true, rules: fitting };
}

/** What rules ask of a commit, each found out once. */
interface RuledCommit {
  readonly files: () => Promise<readonly string[]>;
  /** Undefined where everything counts as changed. */
  readonly changed: () => Promise<readonly string[] | undefined>;
  /** Since the branches parted; undefined where there is no such commit. */
  readonly changedSince: (ref: string) => Promise<readonly string[] | undefined>;
}

function openCommit({ repositories, project, sha, compared }: RulesPlace): RuledCommit {
  let files: Promise<readonly string[]> | undefined;
  let changed: Promise<readonly string[]> | undefined;
  const readFiles = async () => {
    const entries = (await repositories.tree(project, sha, '', true)) ?? [];
    return entries.flatMap(({ type, path }) => (type === 'tree' ? [] : [path]));
  };
  const readChanged = async (from: string) => {
    const diffs = await repositories.diff(project, from, sha);
    return diffs.flatMap(({ oldPath, newPath }) => [oldPath, newPath]);
  };
  return {
    files: () => {
      files ??= readFiles();
      return files;
    },
    changed: async () => {
      if (compared === undefined) return undefined;
      changed ??= readChanged(compared);
      return changed;
    },
    changedSince: async (ref) => {
      const tip = await repositories.resolve(project, ref);
      if (tip === undefined) return undefined;
      return readChanged((await repositories.mergeBase(project, tip, sha)) ?? tip);
    },
  };
}

type Fitting =
  | { readonly ok: true; readonly index: number | undefined }
  | { readonly ok: false; readonly message: string };

async function firstFitting(
  commit: RuledCommit,
  rules: readonly Mapping[],
  variables: ReadonlyMap<string, string>,
): Promise<Fitting> {
  const values = Object.fromEntries(variables);
  const pathsOf = (paths: unknown) =>
    listOf(paths)
      .filter((path) => typeof path === 'string')
      .map((path) => expandText(path, variables));
  for (const [index, rule] of rules.entries()) {
    // What GitLab could not read never holds.
    const holds = typeof rule.if !== 'string' || parseExpression(rule.if)?.holds({ variables: values });
    if (!holds) continue;
    const changes = rule.changes ?? undefined;
    if (changes !== undefined) {
      const { paths, compare_to: to } = isMapping(changes)
        ? changes
        : { paths: changes, compare_to: undefined };
      const isCompared = to !== undefined && to !== null;
      const changed = isCompared
        ? await commit.changedSince(expandText(String(to), variables))
        : await commit.changed();
      if (isCompared && changed === undefined)
        return { ok: false, message: 'rules:changes:compare_to is not a valid ref' };
      if (changed !== undefined && !matchesAny(pathsOf(paths), changed)) continue;
    }
    const exists = rule.exists ?? undefined;
    if (exists !== undefined) {
      const paths = pathsOf(isMapping(exists) ? exists.paths : exists);
      if (!matchesAny(paths, await commit.files())) continue;
    }
    return { ok: true, index };
  }
  return { ok: true, index: undefined };
}
