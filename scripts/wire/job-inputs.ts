import type { InputDeclarations } from '../../components/kernel/input-types.ts';

/** Inputs of every command that is the job of a component. */
export const jobInputs = {
  'job-prefix': {
    type: 'string',
    description: "Begins the job's name and names its reports; give each include of a pipeline its own",
    pattern: /[a-z0-9][a-z0-9-]*/,
    default: 'pipewright',
  },
  out: {
    type: 'string',
    description: 'Directory the reports are written below',
    default: '.pipewright',
    security: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;

/** What findings do, for commands that report some. */
export const modeInput = {
  type: 'string',
  description: 'What findings do to the pipeline: observe nothing, warn an orange job, enforce a red one',
  options: ['observe', 'warn', 'enforce'],
  default: 'enforce',
  // Including a component never weakens a pipeline; a command that is called fails closed.
  componentDefault: 'observe',
  security: true,
} as const satisfies InputDeclarations[string];

/** Whether what is only doubtful counts. */
export const strictInput = {
  type: 'boolean',
  description: 'Let warnings count like errors',
  default: false,
  security: true,
} as const satisfies InputDeclarations[string];
