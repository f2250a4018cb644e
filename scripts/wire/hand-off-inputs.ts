import type { InputDeclarations } from '../../components/kernel/input-types.ts';

/** Where decisions are made, and what is asked for there. */
export const handOffInputs = {
  'trusted-project': {
    type: 'string',
    description: 'Full path of the project that decides and applies; empty hands nothing off',
    pattern: /([A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+)?/,
    default: '',
    security: true,
  },
  'trusted-ref': {
    type: 'string',
    description: 'Protected branch of the trusted project that decides',
    pattern: /[A-Za-z0-9_][A-Za-z0-9_./-]*/,
    default: 'main',
    security: true,
  },
  'hand-off': {
    type: 'string',
    description:
      'What is handed off: pipelines that propose something, or always, for sessions in the trusted project',
    options: ['proposals', 'always'],
    default: 'proposals',
    security: true,
  },
  'trigger-token': {
    type: 'string',
    description: 'Trigger token of the trusted project, from a masked variable',
    secret: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;
