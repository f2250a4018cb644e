import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { commitInputs, forkSecret, onlyInput } from './apply-commits.ts';
import { applySecrets } from './apply-connection.ts';
import { decisionInputs, levelsInput, organisationInput } from './decision.ts';
import { jobInputs } from './job-inputs.ts';

const number = { type: 'integer', default: 0, min: 0, security: true } as const;

/** Inputs of `pipewright apply`; its component has all of them but the secrets. */
export const applyInputs = {
  project: { ...number, description: 'Number of the project the merge request is in; 0 for a sweep' },
  'merge-request': { ...number, description: 'Number of the merge request in its project' },
  pipeline: {
    ...number,
    description: "Number of the merge request's pipeline whose proposals are decided",
  },
  sweep: {
    type: 'list',
    description:
      'Projects that are served, by full path, separated by spaces: without a project each is looked through; empty serves any',
    default: [],
    spaced: true,
    security: true,
  },
  from: {
    type: 'string',
    description: "Whose sessions count: those of the merge request's pipeline, or those that ran here",
    options: ['pipeline', 'here'],
    default: 'pipeline',
    security: true,
  },
  status: {
    type: 'boolean',
    description: 'Show the decision as a status of the pipeline, which fails it where something is denied',
    default: false,
    security: true,
  },
  findings: {
    type: 'string',
    description:
      'Whether findings in changed manifests that validate stops a merge for are said as threads on its lines',
    options: ['none', 'threads'],
    default: 'none',
    security: true,
  },
  'status-check': {
    type: 'string',
    description:
      'External status check (Ultimate) that is set to the decision and must be there; empty with status: pipewright, if there',
    pattern: /[A-Za-z0-9._/ -]*/,
    default: '',
    security: true,
  },
  ...decisionInputs,
  organisation: organisationInput,
  levels: levelsInput,
  ...{ ...commitInputs, ...onlyInput, ...forkSecret },
  ...applySecrets,
  ...jobInputs,
} as const satisfies InputDeclarations;
