import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { flag, list, optional, record, text } from './shape.ts';

/** A CI/CD variable without its value, which never leaves the reading of the answer. */
export interface VariableName {
  readonly key: string;
  readonly protected: boolean;
  readonly masked: boolean;
  /** Whether GitLab shows its value to nobody again. */
  readonly hidden: boolean;
  /** `$` in it has no meaning. */
  readonly raw: boolean;
  readonly environmentScope: string;
}

const isHidden = optional(flag);
const shape = record<VariableName>({
  ...{ key: text, protected: flag, masked: flag, raw: flag, environmentScope: text },
  hidden: (data, at) => isHidden(data, at) ?? false,
});

/** Which variables a project has, and how they are kept. */
export const listVariableNames = defineEndpoint(
  {
    ...{ about: 'List the names of CI/CD variables', method: 'GET', path: '/projects/:project/variables' },
    ...{ jobToken: false, tier: 'free', since: floor, role: 'maintainer', scope: 'read_api' },
    ...{ replay: 'idempotent', source: 'docs.gitlab.com/api/project_level_variables' },
  },
  (call, input: OfProject) => call.list(input, json(list(shape))),
);
