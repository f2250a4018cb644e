import { isMapping, jobsOf, listOf, type Mapping } from '../config.ts';
import { rubyText } from '../render/ruby.ts';
import type { FlatConfig } from '../types.ts';

/** One job of the pipeline before its rules: a key of the configuration, or one of those its `parallel` stands for. */
export interface ExpandedJob {
  /** As GitLab shows it: `test 1/3`, `test: [linux, 24]`. */
  readonly name: string;
  readonly key: string;
  readonly job: Mapping;
  readonly node: { readonly index: number; readonly total: number } | undefined;
  readonly matrix: Readonly<Record<string, string>>;
}

/** The jobs of a resolved configuration in the order GitLab makes them, those of `parallel` one by one. */
export function expandJobs(config: FlatConfig): readonly ExpandedJob[] {
  return jobsOf(config).flatMap(([key, job]) => expandJob(key, job));
}

function expandJob(key: string, job: Mapping): readonly ExpandedJob[] {
  const { parallel } = job;
  const matrices = isMapping(parallel) ? expandMatrix(parallel.matrix) : undefined;
  if (matrices !== undefined) {
    const total = matrices.length;
    return matrices.map((matrix, at) => ({
      ...{ name: matrixName(key, matrix), key, job, matrix },
      node: { index: at + 1, total },
    }));
  }
  if (typeof parallel !== 'number') return [{ name: key, key, job, node: undefined, matrix: {} }];
  return Array.from({ length: parallel }, (_, at) => ({
    ...{ name: `${key} ${at + 1}/${parallel}`, key, job, matrix: {} },
    node: { index: at + 1, total: parallel },
  }));
}

/** All combinations of `parallel:matrix`, the first variable changing slowest. */
export function expandMatrix(matrix: unknown): readonly Readonly<Record<string, string>>[] {
  return listOf(matrix)
    .filter(isMapping)
    .flatMap((entry) =>
      Object.entries(entry).reduce<readonly Readonly<Record<string, string>>[]>(
        (before, [name, values]) =>
          before.flatMap((one) => listOf(values).map((value) => ({ ...one, [name]: rubyText(value) }))),
        [{}],
      ),
    );
}

export function matrixName(key: string, matrix: Readonly<Record<string, string>>): string {
  return `${key}: [${Object.values(matrix).join(', ')}]`;
}
