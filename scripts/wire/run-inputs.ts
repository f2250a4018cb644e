import type { Context } from '../../components/kernel/context.ts';
import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { errors } from '../../components/session/errors.ts';
import { applySecrets } from './apply-connection.ts';
import { decisionInputs, levelsInput, organisationInput } from './decision.ts';
import { openCheckout } from './run-checkout.ts';
import type { RunPlace } from './run-place.ts';

const number = { type: 'integer', default: 0, min: 0, security: true } as const;

/** What only the trusted project gives: a merge request of another project, and the policies a session needs there. */
export const elsewhereInputs = {
  project: {
    ...number,
    description:
      'Number of the project whose merge request is read, in the trusted project; 0 reads this checkout',
  },
  'merge-request': { ...number, description: 'Number of the merge request in that project' },
  policies: decisionInputs.policies,
  organisation: organisationInput,
  levels: levelsInput,
  'gitlab-token': applySecrets['gitlab-token'],
} as const satisfies InputDeclarations;

interface Where {
  readonly agent: string;
  readonly project: number;
  readonly 'merge-request': number;
}

/** @throws SESSION_MERGE_REQUEST_HALF, and what the two places throw */
export async function openPlace(context: Context, where: Where): Promise<RunPlace> {
  const { agent, project, 'merge-request': mergeRequest } = where;
  if (project === 0 && mergeRequest === 0) return openCheckout(context, agent);
  if (project === 0 || mergeRequest === 0)
    throw errors.MERGE_REQUEST_HALF({ missing: project === 0 ? 'project' : 'merge-request' });
  const { openMergeRequest } = await import('./run-merge-request.ts');
  return openMergeRequest(context, { project, mergeRequest }, agent);
}
