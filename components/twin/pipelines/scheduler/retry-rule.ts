import type { FailureReason } from '../../world/pipeline.ts';
import type { RetrySpec } from '../types.ts';

/** Failures GitLab never tries again by itself, whatever `retry:` says. Source: lib/gitlab/ci/build/auto_retry.rb. */
const hopeless: readonly FailureReason[] = [
  'missing_dependency_failure',
  'forward_deployment_failure',
  'failed_outdated_deployment_job',
];

/** Whether a failed job is tried again by itself, after so many attempts that were retried before it. */
export function retriesItself(
  retry: RetrySpec,
  failure: { readonly reason: FailureReason; readonly exitCode: number | undefined },
  retried: number,
): boolean {
  if (hopeless.includes(failure.reason) || retried >= retry.max) return false;
  if (retry.when.includes('always') || retry.when.includes(failure.reason)) return true;
  return failure.exitCode !== undefined && retry.exitCodes.includes(failure.exitCode);
}
