import type { Facts } from '../names/gitlab.ts';
import { fieldOf, listOf, textOf } from '../read/node.ts';
import type { Node, Unclear } from '../types.ts';
import { evaluate, type Truth } from './evaluate.ts';
import { parseCondition } from './parse.ts';

/** Kinds of pipelines a configuration is asked about. */
export interface Kind {
  readonly facts: Facts;
  /** Word of `only` and `except` for it; a push to a branch is `branches` and `pushes`. */
  readonly refs: readonly string[];
}

export interface Runs {
  readonly runs: Unclear;
  /** Of `maybe`: whether the rule that leaves it open holds in this kind of pipelines and in none of the other. */
  readonly meant: boolean;
}

/** Whether `rules` let a job, or with `workflow` a pipeline, run in a kind of pipelines. */
export function runsByRules(rules: Node, kind: Kind, other: Facts): Runs {
  let meant = false;
  let maybe = false;
  for (const rule of listOf(rules)) {
    const isNever = textOf(fieldOf(rule, 'when')) === 'never';
    const condition = textOf(fieldOf(rule, 'if'));
    const parsed = condition === undefined ? undefined : parseCondition(condition);
    const holds: Truth = parsed === undefined ? true : evaluate(parsed, kind.facts);
    if (holds === false) continue;
    // Which files change is up to the author, so this one may hold or not.
    const isOpen = fieldOf(rule, 'changes') !== undefined || fieldOf(rule, 'exists') !== undefined;
    if (holds === true && (!isOpen || !isNever))
      return isNever ? { runs: maybe ? 'maybe' : 'no', meant } : { runs: 'yes', meant: true };
    if (isNever) continue;
    maybe = true;
    meant ||= parsed !== undefined && evaluate(parsed, other) === false;
  }
  return { runs: maybe ? 'maybe' : 'no', meant };
}

/** Whether a job runs in a kind of pipelines, workflow included. */
export function runsIn(job: Node, workflow: Node | undefined, kind: Kind, other: Facts): Runs {
  const allowed = workflow === undefined ? undefined : runsByRules(workflow, kind, other);
  if (allowed?.runs === 'no') return allowed;
  const own = runsByItself(job, kind, other, allowed !== undefined);
  return allowed?.runs === 'maybe' && own.runs === 'yes'
    ? { runs: 'maybe', meant: own.meant && allowed.meant }
    : own;
}

function runsByItself(job: Node, kind: Kind, other: Facts, hasWorkflow: boolean): Runs {
  const rules = fieldOf(job, 'rules');
  if (rules !== undefined) return runsByRules(rules, kind, other);
  const [only, except] = [refsOf(fieldOf(job, 'only')), refsOf(fieldOf(job, 'except'))];
  const isMeant = (refs: readonly string[]) => refs.some((ref) => kind.refs.includes(ref));
  if (except !== undefined && isMeant(except)) return { runs: 'no', meant: false };
  if (only !== undefined) {
    if (isMeant(only)) return { runs: 'yes', meant: true };
    return {
      runs: only.some((ref) => !known.has(ref)) && kind.refs.includes('branches') ? 'maybe' : 'no',
      meant: false,
    };
  }
  // Without either a job is one of branches and tags, unless `workflow` says which pipelines there are.
  return kind.refs.includes('branches') || hasWorkflow
    ? { runs: 'yes', meant: true }
    : { runs: 'no', meant: false };
}

const known = new Set([
  'api',
  'branches',
  'chat',
  'external',
  'merge_requests',
  'pipelines',
  'pushes',
  'schedules',
  'tags',
  'triggers',
  'web',
]);

function refsOf(node: Node | undefined): readonly string[] | undefined {
  if (node === undefined) return undefined;
  const refs = node.fields === undefined ? node : fieldOf(node, 'refs');
  return refs === undefined ? undefined : listOf(refs).flatMap((ref) => textOf(ref) ?? []);
}
