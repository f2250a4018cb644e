import type { DecisionReport } from './report.gen.ts';

/** Whether something that was allowed was not done. */
export function hasFailed(report: DecisionReport): boolean {
  const { bundles, status, statusCheck, findings } = report;
  const isLeftOpen = [...bundles, findings].some((one) => one?.unresolved !== undefined);
  return isLeftOpen || [...receiptsOf(report), status?.done, statusCheck?.done].includes('failed');
}

/** Whether something that was allowed turned out to change what it must not. */
export function isRefused({ bundles }: DecisionReport): boolean {
  return bundles.some(({ proposals }) => proposals.some(({ receipt }) => receipt?.done === 'refused'));
}

/** Whether a push or a merge came in between. */
export function hasMoved(report: DecisionReport): boolean {
  return receiptsOf(report).includes('not done');
}

function receiptsOf({ bundles, findings }: DecisionReport) {
  const receipts = bundles.flatMap(({ proposals }) => proposals.map(({ receipt }) => receipt?.done));
  return [...receipts, ...(findings?.threads ?? []).map(({ receipt }) => receipt.done)];
}
