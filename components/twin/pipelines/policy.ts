import { isMapping, listOf, type Mapping } from '../config.ts';
import { parseExpression } from '../render/expression.ts';
import type { Pipeline } from '../world/pipeline.ts';

/** What `only` and `except` are asked about. */
export interface PolicyFacts {
  readonly pipeline: Pick<Pipeline, 'ref' | 'tag' | 'source' | 'mergeRequest'>;
  /** Full path of the project. */
  readonly project: string;
  readonly variables: ReadonlyMap<string, string>;
}

const bySource: Readonly<Record<string, string>> = {
  ...{ api: 'api', push: 'pushes', web: 'web', trigger: 'triggers', schedule: 'schedules' },
  ...{ pipeline: 'pipelines', external: 'external', merge_request_event: 'merge_requests' },
};

/**
 * Whether `only` and `except` let a job without rules into a pipeline. A job that says nothing is for branches and
 * tags, not for merge requests, unless the workflow has rules. `changes` and `kubernetes` of them are not evaluated.
 * Source: docs.gitlab.com/ci/yaml/deprecated_keywords/#only--except
 */
export function isLetIn(job: Mapping, workflowRules: boolean, facts: PolicyFacts): boolean {
  const only = job.only ?? (workflowRules ? undefined : ['branches', 'tags']);
  return (only === undefined || matches(only, facts, 'every')) && !matches(job.except, facts, 'some');
}

/** `only` wants all of its parts to match, `except` one. */
function matches(policy: unknown, facts: PolicyFacts, how: 'every' | 'some'): boolean {
  if (policy === undefined || policy === null) return false;
  const { refs, variables }: Mapping = isMapping(policy) ? policy : { refs: policy };
  const parts: boolean[] = [];
  if (refs !== undefined) parts.push(listOf(refs).some((ref) => fitsRef(String(ref), facts)));
  else if (how === 'every') parts.push(['branches', 'tags'].some((ref) => fitsRef(ref, facts)));
  if (variables !== undefined) parts.push(listOf(variables).some((text) => holds(String(text), facts)));
  return parts.length > 0 && (how === 'every' ? parts.every(Boolean) : parts.some(Boolean));
}

function holds(text: string, { variables }: PolicyFacts): boolean {
  return parseExpression(text)?.holds({ variables: Object.fromEntries(variables) }) ?? false;
}

function fitsRef(text: string, { pipeline, project }: PolicyFacts): boolean {
  const at = text.startsWith('/') ? -1 : text.lastIndexOf('@');
  if (at >= 0 && text.slice(at + 1) !== project) return false;
  const ref = at >= 0 ? text.slice(0, at) : text;
  const { tag, source, mergeRequest } = pipeline;
  if (ref === 'branches') return !tag && mergeRequest === undefined;
  if (ref === 'tags') return tag;
  if (bySource[source] === ref) return true;
  if (mergeRequest !== undefined && source !== 'parent_pipeline') return false;
  const [, pattern, flags = ''] = /^\/(.*)\/([ims]*)$/s.exec(ref) ?? [];
  if (pattern === undefined) return ref === pipeline.ref;
  const quoted = JSON.stringify(pipeline.ref).slice(1, -1);
  // Here a slash needs no backslash; in an expression it would end the pattern.
  const escaped = pattern.replace(/(\\.)|\//gs, (_, pair) => pair ?? '\\/');
  return parseExpression(`"${quoted}" =~ /${escaped}/${flags}`)?.holds({}) ?? false;
}
