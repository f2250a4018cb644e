import { createEngine, noPermit } from '../../../../components/policy/engine.ts';
import { parsePolicies } from '../../../../components/policy/parse.ts';
import type { PolicyDecision, PolicyRequest } from '../../../../components/policy/types.ts';
import { celOf } from './cel-text.ts';
import type { MeasuredEngine } from './engine.ts';
import type { MeasuredPolicy } from './policy-set.ts';

const level = 'bench';

/** The engine of the product, from YAML documents on; the check of all facts is part of each decision. */
export async function createOurs(
  policies: readonly MeasuredPolicy[],
): Promise<MeasuredEngine<PolicyRequest, PolicyDecision>> {
  const documents = policies.map(({ name, effect, match, terms }) =>
    JSON.stringify({
      ...{ apiVersion: 'pipewright/v1', kind: 'Policy', metadata: { name } },
      spec: {
        ...{ effect, match, message: name },
        ...(terms.length === 0 ? {} : { conditions: [celOf(terms)] }),
      },
    }),
  );
  const parsed = await parsePolicies(level, [{ path: 'bench.yaml', text: documents.join('\n---\n') }]);
  if (parsed.broken.length > 0) throw new Error(JSON.stringify(parsed.broken));
  return {
    prepare: (request) => request,
    decide: createEngine([parsed]).decide,
    verdict: (decision) => {
      const { effect, policies: rows } = decision;
      if (rows.some((row) => row.effect === 'error')) throw new Error(JSON.stringify(rows));
      // That nothing permits is a row of ours only.
      const ids = rows.map(({ id }) => id.slice(level.length + 1)).filter((id) => id !== noPermit);
      return { allowed: effect === 'allow', ids: ids.sort() };
    },
  };
}
