import { isMapping, listOf, type Mapping } from '../config.ts';

/** A need of a job of the same pipeline. */
export interface JobNeed {
  readonly name: string;
  readonly optional: boolean;
}

/** The jobs of its own pipeline that a job needs; those of other projects and pipelines are left out. */
export function jobNeeds({ needs }: Mapping): readonly JobNeed[] {
  return listOf(needs).flatMap((need) => {
    if (!isMapping(need)) return typeof need === 'string' ? [{ name: need, optional: false }] : [];
    if (typeof need.job !== 'string' || need.project !== undefined || need.pipeline !== undefined) return [];
    return [{ name: need.job, optional: need.optional === true }];
  });
}
