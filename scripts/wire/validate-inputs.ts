import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { jobInputs, modeInput, strictInput } from './job-inputs.ts';

/** Inputs of `pipewright validate`; those its component has too are all but the ones for a terminal. */
export const validateInputs = {
  root: {
    type: 'string',
    description: 'Directory the manifests are looked for in, relative to the repository',
    default: '.',
    security: true,
  },
  manifests: {
    type: 'list',
    description: 'Globs of the manifests, relative to root, separated by spaces',
    default: ['**/*.ossa.{yaml,yml,json}'],
    spaced: true,
    security: true,
  },
  mode: modeInput,
  strict: strictInput,
  baseline: {
    type: 'string',
    description:
      'File with the findings that are old and do not count, relative to the repository; empty has none',
    default: '',
    security: true,
  },
  'update-baseline': {
    type: 'boolean',
    description: 'Write the findings of today to the baseline, and what is gone out of it',
    default: false,
    security: true,
    terminal: true,
  },
  fix: {
    type: 'boolean',
    description: 'Mend in place what has one right answer, then check; comments, order and style stay',
    default: false,
    security: true,
    terminal: true,
  },
  'dry-run': {
    type: 'boolean',
    description: 'With --fix: show what would be mended, and write nothing',
    default: false,
    security: true,
    terminal: true,
  },
  features: {
    type: 'boolean',
    description: 'Print which features of OSSA each manifest uses',
    default: false,
  },
  ...jobInputs,
} as const satisfies InputDeclarations;
