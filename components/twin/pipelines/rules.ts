import picomatch from 'picomatch';
import type { Context } from '../../kernel/context.ts';
import { isMapping, listOf, type Mapping } from '../config.ts';
import type { Repositories } from '../ports.ts';
import type { Machine } from '../types.ts';
import type { Project } from '../world/project.ts';
import { expandText } from './expansion.ts';
import { never, opaque, translateCondition } from './listing/dialect.ts';
import { firstFittingRules, type Probe, type ProbeRule } from './listing/list.ts';

/** Something with `rules`: a job, or the workflow. */
export interface Ruled {
  readonly rules: readonly Mapping[];
  /** Expanded. */
  readonly variables: ReadonlyMap<string, string>;
}

export interface RulesPlace {
  readonly context: Context;
  readonly machine: Pick<Machine, 'node' | 'gitlabCiLocal' | 'temporary' | 'compileCache'>;
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

/**
 * Finds the rule that decides for each of them: gitlab-ci-local does it, for all at once. `changes:compare_to`, which it
 * does not know, is answered before.
 * @throws TWIN_GITLAB_CI_LOCAL, TWIN_GIT
 */
export async function evaluateRules(place: RulesPlace, ruled: readonly Ruled[]): Promise<Evaluated> {
  const plain = ruled.map(({ rules }) => plainIndex(rules));
  if (!plain.includes('ask')) {
    return { ok: true, rules: plain.map((answer) => (answer === 'ask' ? undefined : answer)) };
  }
  const names = new Map<string, string>();
  const nameOf = (value: string) => {
    const name = names.get(value) ?? `VALUE_${names.size}`;
    names.set(value, name);
    return name;
  };
  const probes: Probe[] = [];
  for (const { rules, variables } of ruled) {
    const asked: ProbeRule[] = [];
    for (const rule of rules) {
      const answer = await probeRule(place, rule, variables, nameOf);
      if ('message' in answer) return { ok: false, message: answer.message };
      asked.push(answer);
    }
    probes.push({ rules: asked });
  }
  const { context, machine, repositories, project, sha, compared } = place;
  const files = probes.some(({ rules }) => rules.some((rule) => rule.exists ?? rule.changes));
  const repository = repositories.folderOf(project);
  const variables = Object.fromEntries([...names].map(([value, name]) => [name, opaque(value)]));
  const request = { repository, sha, compared, files, probes, variables };
  return { ok: true, rules: await firstFittingRules(context, machine, request) };
}

/** Nothing needs to be asked where the first rule has no conditions, or there is none. */
function plainIndex(rules: readonly Mapping[]): number | undefined | 'ask' {
  const [first] = rules;
  if (first === undefined) return undefined;
  const conditional = ['if', 'exists', 'changes'].some((key) => (first[key] ?? null) !== null);
  return conditional ? 'ask' : 0;
}

async function probeRule(
  place: RulesPlace,
  rule: Mapping,
  variables: ReadonlyMap<string, string>,
  nameOf: (value: string) => string,
): Promise<ProbeRule | { readonly message: string }> {
  const condition = typeof rule.if === 'string' ? translateCondition(rule.if, variables, nameOf) : undefined;
  const pathsOf = (paths: unknown) =>
    listOf(paths)
      .filter((path) => typeof path === 'string')
      .map((path) => expandText(path, variables));
  let holds: boolean | undefined;
  let changes: readonly string[] | undefined;
  if (isMapping(rule.changes) && rule.changes.compare_to !== undefined) {
    const ref = expandText(String(rule.changes.compare_to), variables);
    const found = await changedSince(place, ref, pathsOf(rule.changes.paths));
    if (found === undefined) return { message: 'rules:changes:compare_to is not a valid ref' };
    holds = found;
  } else if (rule.changes !== undefined && rule.changes !== null) {
    changes = pathsOf(isMapping(rule.changes) ? rule.changes.paths : rule.changes);
  }
  const exists =
    rule.exists === undefined || rule.exists === null
      ? undefined
      : pathsOf(isMapping(rule.exists) ? rule.exists.paths : rule.exists);
  return {
    ...(holds === false ? { if: never } : condition === undefined ? {} : { if: condition }),
    ...(exists === undefined ? {} : { exists: exists.map(withoutVariables) }),
    ...(changes === undefined ? {} : { changes: changes.map(withoutVariables) }),
  };
}

/** A dollar that is left is one, also for gitlab-ci-local. */
function withoutVariables(path: string): string {
  return path.replaceAll('$', '$$$$');
}

/** Whether one of the files has changed since the branches parted; undefined where there is no such commit. */
async function changedSince(
  { repositories, project, sha }: RulesPlace,
  ref: string,
  paths: readonly string[],
): Promise<boolean | undefined> {
  const tip = await repositories.resolve(project, ref);
  if (tip === undefined) return undefined;
  const base = (await repositories.mergeBase(project, tip, sha)) ?? tip;
  const changed = await repositories.diff(project, base, sha);
  const matches = picomatch([...paths], { dot: true, nonegate: true });
  return changed.some(({ oldPath, newPath }) => matches(newPath) || matches(oldPath));
}
