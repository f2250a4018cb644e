import { isMapping, listOf, type Mapping } from '../config.ts';
import { type ExpandedJob, expandMatrix, matrixName } from './expand.ts';
import { expandText } from './expansion.ts';
import type { Need } from './types.ts';

/** Names of the jobs that a name in `needs` or `dependencies` stands for: all of a `parallel`, or a single one. */
export function namesFor(all: readonly ExpandedJob[], name: string): readonly string[] {
  const ofKey = all.filter(({ key }) => key === name).map((job) => job.name);
  return ofKey.length > 0 ? ofKey : [name];
}

/**
 * What a job waits for, with single jobs for those of `parallel`. Undefined without `needs`. A need of nothing but the
 * status of another pipeline is no need of the job's own.
 *
 * @param variables - expanded, for the places of other projects and pipelines
 */
export function readNeeds(
  needs: unknown,
  { matrix }: Pick<ExpandedJob, 'matrix'>,
  all: readonly ExpandedJob[],
  variables: ReadonlyMap<string, string>,
): readonly Need[] | undefined {
  if (needs === undefined || needs === null) return undefined;
  const found = listOf(needs).flatMap((need): readonly Need[] => {
    if (typeof need === 'string') return namesFor(all, need).map((name) => ofJob(name, {}));
    if (!isMapping(need) || typeof need.job !== 'string') return [];
    return readNeed(need, need.job, matrix, all, variables);
  });
  return [...new Map(found.map((need) => [JSON.stringify(need), need])).values()];
}

function readNeed(
  need: Mapping,
  job: string,
  matrix: ExpandedJob['matrix'],
  all: readonly ExpandedJob[],
  variables: ReadonlyMap<string, string>,
): readonly Need[] {
  const artifacts = need.artifacts !== false;
  const text = (value: unknown) => expandText(String(value), variables);
  if (need.project !== undefined) {
    const place = { project: text(need.project), ref: text(need.ref ?? 'HEAD'), job: text(job) };
    return [{ kind: 'project', ...place, artifacts }];
  }
  if (need.pipeline !== undefined)
    return [{ kind: 'pipeline', pipeline: text(need.pipeline), job, artifacts }];
  if (!isMapping(need.parallel)) return namesFor(all, job).map((name) => ofJob(name, need));
  const chosen = expandMatrix(withMatrix(need.parallel.matrix, matrix));
  return chosen.map((values) => ofJob(matrixName(job, values), need));
}

function ofJob(name: string, { artifacts, optional }: Mapping): Need {
  return { kind: 'job', name, artifacts: artifacts !== false, optional: optional === true };
}

/** Puts the job's own values in for `$[[ matrix.NAME ]]`. Source: docs.gitlab.com/ci/yaml/matrix_expressions */
function withMatrix(value: unknown, matrix: ExpandedJob['matrix']): unknown {
  if (Array.isArray(value)) return value.map((item) => withMatrix(item, matrix));
  if (isMapping(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withMatrix(item, matrix)]));
  }
  if (typeof value !== 'string') return value;
  return value.replace(
    /\$\[\[\s*matrix\.([\w-]+)\s*\]\]/g,
    (written, name: string) => matrix[name] ?? written,
  );
}
