import { makeStatement } from '../attest/statement.ts';
import type { Envelope, Signer, Statement } from '../attest/types.ts';
import type { JsonValue } from '../kernel/canonical.ts';
import type { DecisionReport } from './report.gen.ts';

export const decisionType = 'https://pipewright.dev/attestations/decision/v1';

/** What was decided, as a statement about the very bytes of the bundles; a record for others, which nothing acts on. */
export function planStatement(report: DecisionReport): Statement {
  const subjects = report.bundles
    .filter(({ digest }) => digest !== '')
    .map(({ source, digest }) => ({ name: source, digest }));
  return makeStatement({ subjects, predicateType: decisionType, predicate: report as unknown as JsonValue });
}

/** Signed where there is a key; the decision is the same without one. */
export function attest(report: DecisionReport, signer: Signer | undefined): Envelope | undefined {
  return signer?.sign(planStatement(report));
}
