import type { Project } from '../../gitlab/endpoints/projects.ts';
import { ok, unknown, wrong } from '../lines.ts';
import type { CheckLine } from '../types.ts';

type Change = Readonly<Record<string, string | number | boolean>>;

/** The call that changes settings of a project, as it is written in GitLab's documentation. */
export function byApi({ id }: Pick<Project, 'id'>, change: Change): string {
  const fields = Object.entries(change).map(([name, value]) => `${name}=${value}`);
  return `PUT /projects/${id} with ${fields.join(', ')}`;
}

interface Setting<T> {
  readonly got: T | undefined;
  readonly wanted: T;
  /** What is said where it is as wanted. */
  readonly says: string;
  readonly expected: string;
  readonly wrongly: string;
  readonly fix: string;
}

/** A setting of the project that must have one value; GitLab does not tell each of them to every role. */
export function checkSetting<T>(check: string, setting: Setting<T>): CheckLine {
  const { got, wanted, says, expected, wrongly, fix } = setting;
  if (got === undefined) return untold(check, fix);
  return got === wanted ? ok(check, says) : wrong(check, { expected, got: wrongly, fix });
}

export function untold(check: string, fix: string): CheckLine {
  return unknown(
    check,
    'GitLab does not tell this setting',
    `Use a token of a maintainer, of an owner where that is not enough. ${fix}`,
  );
}
