import type { Verdict } from '../../components/decide/report.gen.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import type { InputDeclarations } from '../../components/kernel/input-types.ts';

const folder = /[A-Za-z0-9_.][A-Za-z0-9_./-]*/;

/** Where manifests and policies lie: of the target branch, whoever asks. */
export const decisionInputs = {
  agents: {
    type: 'string',
    description: 'Folder of the repository that holds its manifests',
    pattern: folder,
    default: 'agents',
    security: true,
  },
  policies: {
    type: 'string',
    description: 'Folder of the repository that holds its policies, files named *.policy.yaml',
    pattern: folder,
    default: 'policies',
    security: true,
  },
} as const satisfies InputDeclarations;

/** Where the trusted project keeps the policies that count for every project it serves. */
export const organisationInput = {
  type: 'string',
  description: 'Folder of this repository that holds the policies of the organisation',
  pattern: folder,
  default: 'policies',
  security: true,
} as const satisfies InputDeclarations[string];

/** Policies of other projects; what the digest says counts, so nobody there changes what is decided here. */
export const levelsInput = {
  type: 'list',
  description:
    'Further levels of policies below the organisation, the widest first, separated by spaces: name=group/project:bundle.json@tag#sha256:digest',
  default: [],
  spaced: true,
  security: true,
} as const satisfies InputDeclarations[string];

/** Deny and no decision both stop, by codes of their own; what is left to the trusted project does not. */
export function exitOf(verdict: Verdict, mode: 'observe' | 'warn' | 'enforce'): ExitCode {
  if (mode === 'observe') return exitCodes.ok;
  if (verdict === 'denied') return exitCodes.denied;
  return verdict === 'undecided' ? exitCodes['no-decision'] : exitCodes.ok;
}
