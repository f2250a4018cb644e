import type { InputDeclarations, InputValues } from '../../components/kernel/input-types.ts';
import { decisionInputs } from './decision.ts';

export const policyInputs = {
  policies: {
    ...decisionInputs.policies,
    description:
      'Folder that holds the policies, files named *.policy.yaml, and their tests; or a bundle of them',
  },
  level: {
    type: 'string',
    description: 'Whose policies they are',
    options: ['project', 'organisation'],
    default: 'project',
    security: true,
  },
  organisation: {
    type: 'string',
    description: "Folder or bundle with the organisation's policies, which hold above those of the project",
    default: '',
    security: true,
  },
  levels: {
    type: 'list',
    description:
      'Further levels below the organisation, the widest first, separated by spaces: name=, and a folder or bundle',
    default: [],
    spaced: true,
    security: true,
  },
  coverage: {
    type: 'string',
    description: 'Whether policies that no test shows both sides of are mistakes, or only told',
    options: ['told', 'required'],
    default: 'told',
    security: true,
  },
  version: {
    type: 'string',
    description: 'Version of the bundle that is built',
    pattern: /[0-9A-Za-z][0-9A-Za-z.+_-]{0,99}/,
    security: true,
  },
  bundle: {
    type: 'string',
    description: 'File that the bundle is written to',
    default: 'policies.bundle.json',
    security: true,
  },
  against: {
    type: 'string',
    description:
      'Folder or bundle whose decisions those of the policies are held against; those that were recorded without',
    default: '',
    security: true,
  },
  json: { type: 'boolean', description: 'Answer as JSON', default: false, security: true },
} as const satisfies InputDeclarations;

export type PolicyInputs = InputValues<typeof policyInputs>;
